package io.headgate.wal;

import io.headgate.batching.IdempotencyKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads one key file, a block at a time, and passes over what is damaged. */
final class KeyFileReader {
    /** Takes what a key file has. */
    @FunctionalInterface
    interface KeyConsumer {
        /** @param value the tag's, valid during the call */
        void key(long position, long receiveTimeMillis, ByteBuffer value) throws IOException;
    }

    private final String name;
    private final KeyConsumer consumer;
    private final ByteBuffer block =
            ByteBuffer.allocate(LogFormat.KEY_BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int keys;
    private int lost;
    private String problem = "";

    private KeyFileReader(String name, KeyConsumer consumer) {
        this.name = name;
        this.consumer = consumer;
    }

    /**
     * Delivers the keys of a file.
     *
     * @param logId the log that the file must be of
     * @throws CorruptLogException if the file is of another version of the format, which is no damage
     */
    static KeyFileReport read(Disk disk, String name, @Nullable UUID logId, KeyConsumer consumer) throws IOException {
        KeyFileReader reader = new KeyFileReader(name, consumer);
        try (DiskFile file = disk.openReadOnly(name)) {
            reader.read(file, logId);
            return new KeyFileReport(name, file.sizeBytes(), reader.keys, reader.lost, reader.problem);
        }
    }

    private void read(DiskFile file, @Nullable UUID logId) throws IOException {
        try {
            KeyHeader header = KeyHeader.read(file, name);
            if (header.logId().equals(logId)) {
                read(file, header);
            } else {
                lose(header.keys(), "the file is of another log");
            }
        } catch (CorruptLogException e) {
            if (e.problem().equals(CorruptLogException.UNKNOWN_FORMAT)) {
                throw e;
            }
            lose(KeyHeader.keysIn(file.sizeBytes()), e.problem());
        }
    }

    private void read(DiskFile file, KeyHeader header) throws IOException {
        GroupChecksum checksum = new GroupChecksum(header.logId(), header.number());
        for (long i = 0; i < header.blocks(); i++) {
            long offset = KeyHeader.offsetOf(i);
            int count = file.read(block.clear(), offset);
            boolean isGood = count == LogFormat.KEY_BLOCK_BYTES
                    && block.getLong(Long.BYTES) == i
                    && block.getInt(0) == checksum.of(block, 0, LogFormat.KEY_BLOCK_BYTES);
            if (isGood) {
                deliver(header.keysOf(i));
            } else {
                lose(header.keysOf(i), "offset " + offset + ": no valid block of keys is here");
            }
        }
    }

    private void lose(int count, String why) {
        lost += count;
        problem = problem.isEmpty() ? why : problem;
    }

    private void deliver(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            int at = LogFormat.KEY_BLOCK_HEADER_BYTES + i * LogFormat.KEY_BYTES;
            ByteBuffer value = block.slice(at + 2 * Long.BYTES, IdempotencyKey.BYTES);
            consumer.key(block.getLong(at), block.getLong(at + Long.BYTES), value);
        }
        keys += count;
    }
}
