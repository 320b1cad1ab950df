package io.headgate.gateway.verify;

import java.util.Arrays;
import java.util.OptionalLong;

/** How many rows of the log were committed below each position where a commit ended. Filled from the newest on. */
final class CommittedTotals {
    private long[] ends = new long[64];
    private long[] rowsFromThere = new long[64];
    private int count;
    private long total;

    /** @param to where the commit ended, below all before it in this order */
    void add(long to, long rows) {
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            rowsFromThere = Arrays.copyOf(rowsFromThere, 2 * count);
        }
        ends[count] = to;
        rowsFromThere[count] = total;
        total += rows;
        count++;
    }

    /** Rows of the commits that are known, up to the one that ended at {@code to}; empty if none did. */
    OptionalLong upTo(long to) {
        for (int i = 0; i < count; i++) {
            if (ends[i] == to) {
                return OptionalLong.of(total - rowsFromThere[i]);
            }
        }
        return OptionalLong.empty();
    }
}
