package io.headgate.wal;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Computes the checksums of one file's groups, or blocks of keys. Not thread-safe. */
final class GroupChecksum {
    private final byte[] salt;
    private final CRC32C crc = new CRC32C();

    GroupChecksum(GroupFile file) {
        this(file.logId(), file.number());
    }

    GroupChecksum(UUID logId, long number) {
        this.salt = LogFormat.salt(logId, number);
    }

    /** The checksum of the group from {@code start} on; leaves the buffer's position and limit as they were. */
    int of(ByteBuffer bytes, int start, int length) {
        int position = bytes.position();
        int limit = bytes.limit();
        crc.reset();
        crc.update(salt);
        crc.update(bytes.limit(start + length).position(start + Integer.BYTES));
        bytes.limit(limit).position(position);
        return (int) crc.getValue();
    }
}
