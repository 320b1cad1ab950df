package io.headgate.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** Writes one key file. Used by one thread. */
final class KeyFileWriter {
    // A force of much more at once would hold up the log's own forces.
    private static final int BLOCKS_PER_FORCE = 4 * 1024 * 1024 / LogFormat.KEY_BLOCK_BYTES;

    private final DiskFile file;
    private final UUID logId;
    private final long number;
    private final GroupChecksum checksum;
    private final ByteBuffer block =
            ByteBuffer.allocateDirect(LogFormat.KEY_BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int keys;
    private long blocks;
    private long newestMillis = Long.MIN_VALUE;

    /** @param file a new one */
    KeyFileWriter(DiskFile file, UUID logId, long number) {
        this.file = file;
        this.logId = logId;
        this.number = number;
        this.checksum = new GroupChecksum(logId, number);
        begin();
    }

    private void begin() {
        block.clear().putInt(0).putInt(0).putLong(blocks);
    }

    /** Takes the next key; leaves the position of {@code value}, the tag's, alone. */
    void add(long position, long receiveTimeMillis, ByteBuffer value) throws IOException {
        block.putLong(position).putLong(receiveTimeMillis).put(value.duplicate());
        newestMillis = Math.max(newestMillis, receiveTimeMillis);
        keys++;
        if (keys % KeyHeader.KEYS_PER_BLOCK == 0) {
            writeBlock();
        }
    }

    private void writeBlock() throws IOException {
        while (block.hasRemaining()) {
            block.put((byte) 0);
        }
        block.putInt(0, checksum.of(block, 0, LogFormat.KEY_BLOCK_BYTES));
        file.write(block.flip(), KeyHeader.offsetOf(blocks));
        blocks++;
        if (blocks % BLOCKS_PER_FORCE == 0) {
            file.force();
        }
        begin();
    }

    /** Completes the file and makes it durable, but for its name. */
    KeyHeader finish() throws IOException {
        if (keys % KeyHeader.KEYS_PER_BLOCK != 0) {
            writeBlock();
        }
        KeyHeader header = new KeyHeader(logId, number, keys, newestMillis);
        file.write(header.encode(), 0);
        file.force();
        return header;
    }
}
