package io.headgate.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * What a parked file says about itself; the fields are explained in {@code docs/LOG-FORMAT.md}.
 *
 * @param end where its groups end, in bytes
 */
record ParkedHeader(UUID logId, long number, int end, long firstPosition, long endPosition, long tag)
        implements GroupFile {
    @Override
    public String fileName() {
        return LogFormat.parkedName(number);
    }

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(LogFormat.SEGMENT_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(LogFormat.PARKED_MAGIC).putInt(LogFormat.VERSION).putInt(end);
        bytes.putLong(logId.getMostSignificantBits()).putLong(logId.getLeastSignificantBits());
        bytes.putLong(number).putLong(endPosition).putLong(firstPosition).putLong(tag);
        return HeaderChecksum.seal(bytes);
    }

    /** Reads the header of a file and holds it against the file's name and length. */
    static ParkedHeader read(DiskFile file, String name) throws IOException {
        ByteBuffer bytes = HeaderChecksum.read(file, name, LogFormat.PARKED_MAGIC);
        int end = bytes.getInt();
        UUID logId = new UUID(bytes.getLong(), bytes.getLong());
        long number = bytes.getLong();
        long endPosition = bytes.getLong();
        ParkedHeader header = new ParkedHeader(logId, number, end, bytes.getLong(), endPosition, bytes.getLong());
        if (number != LogFormat.numberIn(name)) {
            throw new CorruptLogException(
                    name, 0, header.firstPosition, "the file's header says that it is number " + number);
        }
        if (file.sizeBytes() < end) {
            throw new CorruptLogException(
                    name, file.sizeBytes(), header.firstPosition, "the file ends here, and its header says at " + end);
        }
        return header;
    }
}
