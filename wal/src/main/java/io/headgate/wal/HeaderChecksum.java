package io.headgate.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** What the headers of all files have in common: magic, version and, at the end, a checksum. */
final class HeaderChecksum {
    private static final int OFFSET = LogFormat.SEGMENT_HEADER_BYTES - Integer.BYTES;

    private HeaderChecksum() {}

    /** Completes a header. */
    static ByteBuffer seal(ByteBuffer header) {
        return header.putInt(OFFSET, of(header)).clear();
    }

    /** Reads a file's header up to behind the version. */
    static ByteBuffer read(DiskFile file, String name, long magic) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LogFormat.SEGMENT_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.read(bytes, 0);
        if (bytes.hasRemaining() || bytes.getInt(OFFSET) != of(bytes)) {
            throw new CorruptLogException(name, 0, 0, "the file's header does not match its checksum");
        }
        bytes.flip();
        if (bytes.getLong() != magic || bytes.getInt() != LogFormat.VERSION) {
            throw new CorruptLogException(name, 0, 0, CorruptLogException.UNKNOWN_FORMAT);
        }
        return bytes;
    }

    private static int of(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(OFFSET).position(0));
        return (int) crc.getValue();
    }
}
