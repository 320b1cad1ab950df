package io.headgate.wal;

/**
 * The limits of a log.
 *
 * @param segmentBytes size of a segment file, a multiple of 4,096 from 16 KiB to 1 GiB
 * @param maxBytes most bytes that the log takes on its disk. One segment of it is kept free for recovery, so that a full
 *     log can be restarted; it must hold that, the active segment and the spares
 * @param maxEntryBytes largest entry with its header and tags, and largest declaration of a table and its schema; at
 *     most a quarter of a segment
 * @param groupBytes most bytes written and forced at once, unless one entry alone is larger; 4 KiB or more
 * @param spareSegments segments prepared ahead of need, 1 to 16
 * @param parkedBytes most bytes that parked entries take on the disk beside that; 0 if nothing may be parked
 * @param keys for how long, and in how many bytes, keys outlive the segments that they were in
 */
public record LogSettings(
        int segmentBytes,
        long maxBytes,
        int maxEntryBytes,
        int groupBytes,
        int spareSegments,
        long parkedBytes,
        KeyRetention keys) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /** @throws IllegalArgumentException if a limit is out of its range, or they do not fit together */
    public LogSettings {
        check(
                segmentBytes >= 16 * KIB && segmentBytes <= 1024 * MIB && segmentBytes % 4096 == 0,
                "log.segment-bytes is " + segmentBytes + ": it must be a multiple of 4096 from 16 KiB to 1 GiB");
        check(
                maxEntryBytes >= 256 && maxEntryBytes <= segmentBytes / 4,
                "limits.max-entry-bytes is " + maxEntryBytes
                        + ": it must be from 256 to a quarter of log.segment-bytes, " + segmentBytes / 4);
        check(groupBytes >= 4 * KIB, "The largest group is " + groupBytes + " bytes: it must be 4 KiB or more");
        check(
                spareSegments >= 1 && spareSegments <= 16,
                "The number of spare segments is " + spareSegments + ": it must be from 1 to 16");
        check(
                maxBytes >= (spareSegments + 2L) * segmentBytes,
                "log.max-bytes is " + maxBytes + ": it must hold " + (spareSegments + 2)
                        + " segments of log.segment-bytes, " + (spareSegments + 2L) * segmentBytes);
        check(
                parkedBytes >= 0 && parkedBytes <= Long.MAX_VALUE - maxBytes,
                "log.parked-bytes is " + parkedBytes + ": it must be 0, for no parking, or more");
    }

    /** A log whose keys are in its segments alone. */
    public LogSettings(
            int segmentBytes, long maxBytes, int maxEntryBytes, int groupBytes, int spareSegments, long parkedBytes) {
        this(segmentBytes, maxBytes, maxEntryBytes, groupBytes, spareSegments, parkedBytes, KeyRetention.NONE);
    }

    /** 64 MiB segments, 8 GiB in all and 4 GiB parked, entries to 16 MiB, groups to 1 MiB, two spares, no key files. */
    public static LogSettings defaults() {
        return new LogSettings(64 * MIB, 8L * 1024 * MIB, 16 * MIB, MIB, 2, 4L * 1024 * MIB);
    }

    private static void check(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }
}
