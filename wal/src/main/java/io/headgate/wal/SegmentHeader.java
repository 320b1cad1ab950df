package io.headgate.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;

/** What a segment says about itself; the fields are explained in {@link LogFormat}. */
record SegmentHeader(UUID logId, long number, long base, long firstPosition, int previousEnd, long tag) {
    private static final int CHECKSUM_OFFSET = LogFormat.SEGMENT_HEADER_BYTES - Integer.BYTES;

    String fileName() {
        return LogFormat.segmentName(number);
    }

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(LogFormat.SEGMENT_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(LogFormat.MAGIC).putInt(LogFormat.VERSION).putInt(previousEnd);
        bytes.putLong(logId.getMostSignificantBits()).putLong(logId.getLeastSignificantBits());
        bytes.putLong(number).putLong(base).putLong(firstPosition).putLong(tag);
        return bytes.putInt(CHECKSUM_OFFSET, checksum(bytes)).clear();
    }

    /** Reads the header of a file and holds it against the file's name. */
    static SegmentHeader read(DiskFile file, String name) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LogFormat.SEGMENT_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.read(bytes, 0);
        if (bytes.hasRemaining() || bytes.getInt(CHECKSUM_OFFSET) != checksum(bytes)) {
            throw new CorruptLogException(name, 0, 0, "the segment's header does not match its checksum");
        }
        return decode(bytes.flip(), name);
    }

    private static SegmentHeader decode(ByteBuffer bytes, String name) throws CorruptLogException {
        long magic = bytes.getLong();
        int version = bytes.getInt();
        if (magic != LogFormat.MAGIC || version != LogFormat.VERSION) {
            throw new CorruptLogException(
                    name, 0, 0, "the segment's format is not version 1, the only one that this Headgate reads");
        }
        int previousEnd = bytes.getInt();
        UUID logId = new UUID(bytes.getLong(), bytes.getLong());
        SegmentHeader header = new SegmentHeader(
                logId, bytes.getLong(), bytes.getLong(), bytes.getLong(), previousEnd, bytes.getLong());
        if (header.number != LogFormat.numberIn(name)) {
            throw new CorruptLogException(
                    name, 0, header.firstPosition, "the segment's header says that it is number " + header.number);
        }
        return header;
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(CHECKSUM_OFFSET).position(0));
        return (int) crc.getValue();
    }
}
