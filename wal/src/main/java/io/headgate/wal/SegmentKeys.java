package io.headgate.wal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Finds the keys in a segment. */
final class SegmentKeys {
    private SegmentKeys() {}

    /**
     * Delivers the keys of a segment's entries, in order, and goes on behind damage: the file's tag and checksums tell its
     * groups from whatever else is in it.
     *
     * @param count how many there are
     * @return how many of them were not found
     */
    static int read(DiskFile file, SegmentHeader header, int count, KeyFileReader.KeyConsumer consumer)
            throws IOException {
        long end = file.sizeBytes();
        GroupReader group = new GroupReader(file, header);
        int left = count;
        int at = LogFormat.SEGMENT_HEADER_BYTES;
        while (left > 0 && at < end) {
            boolean isGroup = group.read(at);
            left -= isGroup ? deliver(group, consumer) : 0;
            at = isGroup ? group.nextOffset() : at + LogFormat.UNIT_BYTES;
        }
        return left;
    }

    private static int deliver(GroupReader group, KeyFileReader.KeyConsumer consumer) throws IOException {
        int keys = 0;
        EntryCursor entry = group.entries();
        while (entry.next()) {
            ByteBuffer value = entry.kind() == LogFormat.ROWS ? entry.key() : null;
            if (value != null) {
                consumer.key(entry.position(), entry.receiveTimeMillis(), value);
                keys++;
            }
        }
        return keys;
    }
}
