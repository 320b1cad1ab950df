package io.headgate.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * What a key file says about itself; the fields are explained in {@code docs/LOG-FORMAT.md}.
 *
 * @param number of the segment that the keys were in
 * @param keys how many there are
 * @param newestMillis the latest receive time among them
 */
record KeyHeader(UUID logId, long number, int keys, long newestMillis) {
    static final int KEYS_PER_BLOCK =
            (LogFormat.KEY_BLOCK_BYTES - LogFormat.KEY_BLOCK_HEADER_BYTES) / LogFormat.KEY_BYTES;

    /** What so many keys take on the disk. */
    static long sizeBytes(int keys) {
        return LogFormat.SEGMENT_HEADER_BYTES + blocks(keys) * LogFormat.KEY_BLOCK_BYTES;
    }

    /** How many keys fit into a file of that size. */
    static int keysIn(long sizeBytes) {
        long blocks = Math.max(0, sizeBytes - LogFormat.SEGMENT_HEADER_BYTES) / LogFormat.KEY_BLOCK_BYTES;
        return (int) Math.min(Integer.MAX_VALUE, blocks * KEYS_PER_BLOCK);
    }

    private static long blocks(int keys) {
        return ((long) keys + KEYS_PER_BLOCK - 1) / KEYS_PER_BLOCK;
    }

    static long offsetOf(long block) {
        return LogFormat.SEGMENT_HEADER_BYTES + block * LogFormat.KEY_BLOCK_BYTES;
    }

    long blocks() {
        return blocks(keys);
    }

    long sizeBytes() {
        return sizeBytes(keys);
    }

    /** How many keys a block has: all are full but the last. */
    int keysOf(long block) {
        return (int) Math.min(KEYS_PER_BLOCK, keys - block * KEYS_PER_BLOCK);
    }

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(LogFormat.SEGMENT_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(LogFormat.KEYS_MAGIC).putInt(LogFormat.VERSION).putInt(keys);
        bytes.putLong(logId.getMostSignificantBits()).putLong(logId.getLeastSignificantBits());
        bytes.putLong(number).putLong(newestMillis);
        return HeaderChecksum.seal(bytes);
    }

    /** Reads the header of a file and holds it against the file's name. */
    static KeyHeader read(DiskFile file, String name) throws IOException {
        ByteBuffer bytes = HeaderChecksum.read(file, name, LogFormat.KEYS_MAGIC);
        int keys = bytes.getInt();
        UUID logId = new UUID(bytes.getLong(), bytes.getLong());
        KeyHeader header = new KeyHeader(logId, bytes.getLong(), keys, bytes.getLong());
        if (header.number != LogFormat.numberIn(name)) {
            throw new CorruptLogException(name, 0, 0, "the file's header says that it is number " + header.number);
        }
        return header;
    }
}
