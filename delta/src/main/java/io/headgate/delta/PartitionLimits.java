package io.headgate.delta;

/**
 * What writing to partitioned tables may take.
 *
 * @param maxOpen partitions whose files are written side by side, each in memory with some 20 KiB per column; beyond that
 *     many a range is read several times. Wide tables get fewer
 * @param maxFiles partitions of one commit, unless those of a single request are more: beyond that many it ends early
 */
public record PartitionLimits(int maxOpen, int maxFiles) {
    /** 64 partitions side by side, 1,000 in one commit. */
    public static final PartitionLimits DEFAULT = new PartitionLimits(64, 1_000);

    /** What open files may have of columns together: some 80 MiB. */
    private static final int OPEN_COLUMNS_MAX = 4_096;

    /** @throws IllegalArgumentException if a limit is not positive */
    public PartitionLimits {
        if (maxOpen < 1 || maxFiles < 1) {
            throw new IllegalArgumentException("Limits are positive: " + maxOpen + ", " + maxFiles);
        }
    }

    /** How many files with so many columns may be written side by side. */
    int maxOpen(int columns) {
        return Math.max(1, Math.min(maxOpen, OPEN_COLUMNS_MAX / columns));
    }
}
