package io.headgate.wal;

import java.util.Arrays;

/** Where some of a segment's groups start, about one per 64 KiB. One thread adds, any looks up. */
final class SegmentIndex {
    private static final int STEP_BYTES = 64 * 1024;

    /** A group's start. */
    record Place(long position, int offset) {}

    private long[] positions = new long[4];
    private int[] offsets = new int[4];
    private int size;

    /** Notes a group, or not, if one nearby is noted. Groups come in order. */
    synchronized void add(long position, int offset) {
        if (size > 0 && offset - offsets[size - 1] < STEP_BYTES) {
            return;
        }
        if (size == positions.length) {
            positions = Arrays.copyOf(positions, 2 * size);
            offsets = Arrays.copyOf(offsets, 2 * size);
        }
        positions[size] = position;
        offsets[size] = offset;
        size++;
    }

    /** The last noted group that starts at or below {@code position}, which is not below the first noted one. */
    synchronized Place floor(long position) {
        int found = Arrays.binarySearch(positions, 0, size, position);
        int at = found >= 0 ? found : -found - 2;
        return new Place(positions[at], offsets[at]);
    }
}
