package io.headgate.batching;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds what the edge answered against what the log's writer forced, and that against what the table's commits say.
 *
 * <p>The second two are counted under one lock and must agree at any moment. The first lags: a row is forced, then its
 * answer waits for its event loop. So only answers that are still missing after a while count, and those for rows that
 * were never forced, for which answers are read first. Any thread.
 */
final class RowAudit {
    /** An answer that takes longer is missing, until it comes. */
    static final long ANSWERED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(RowAudit.class);

    private final LoggedTable table;
    private final PendingRows pending;
    private final LongAdder answered = new LongAdder();

    // Guarded by this.
    private long lookNanos;
    private long forcedAtLook;
    private long answeredByNow; // rows forced so long ago that all of them must be answered
    private boolean told;

    RowAudit(LoggedTable table, PendingRows pending, long nowNanos) {
        this.table = table;
        this.pending = pending;
        this.lookNanos = nowNanos;
    }

    /** The edge answered so many rows. */
    void answered(int rows) {
        answered.add(rows);
    }

    synchronized TableAudit look(long nowNanos) {
        long acked = answered.sum();
        RowCounts counts = pending.counts();
        if (nowNanos - lookNanos >= ANSWERED_WITHIN_NANOS) {
            answeredByNow = forcedAtLook;
            forcedAtLook = counts.forced();
            lookNanos = nowNanos;
        }
        long mismatch =
                Math.abs(counts.missing()) + Math.max(0, acked - counts.forced()) + Math.max(0, answeredByNow - acked);
        tell(acked, counts, mismatch);
        return new TableAudit(
                table.name(),
                acked,
                counts.recovered(),
                counts.committed(),
                counts.rejected(),
                counts.pending(),
                mismatch);
    }

    private void tell(long acked, RowCounts counts, long mismatch) {
        if (mismatch > 0 && !told) {
            LOG.atError()
                    .addKeyValue("table", table.name())
                    .log(
                            "{} rows do not add up: {} acked; {}. Run 'headgate verify', and keep the log and the"
                                    + " table's files as they are.",
                            mismatch,
                            acked,
                            counts);
        }
        told = mismatch > 0;
    }
}
