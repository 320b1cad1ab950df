package io.headgate.batching;

import io.headgate.model.StreamRange;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one table has durable in the log and not yet in the table: rows waiting for a commit, and the batch that one is
 * being made of. Their bytes stay reserved in the table's budget until the commit is durable; the log keeps them until it is
 * confirmed. Any thread.
 */
final class PendingRows {
    private final ByteBudget budget;
    private final LongSupplier nanoTime;

    // Guarded by this.
    private final Extents waiting;
    private Extents.@Nullable Batch taken;
    private long waitingSinceNanos;
    private long takenSinceNanos;
    private long unconfirmedFrom = Long.MAX_VALUE;
    private long unconfirmedTo; // what is parked up to here need not be kept a second time
    private long recoveredRows;
    private long forcedRows;
    private long committedRows;
    private long rejectedRows;

    /** @param recovered entries found in the log, if any; their bytes count whether the budget has room or not */
    PendingRows(ByteBudget budget, LongSupplier nanoTime, Extents recovered) {
        this.budget = budget;
        this.nanoTime = nanoTime;
        this.waiting = recovered;
        this.waitingSinceNanos = nanoTime.getAsLong();
        this.recoveredRows = recovered.rows();
        budget.reserveRegardless(recovered.bytes());
    }

    /**
     * Adds an entry whose bytes are reserved already.
     *
     * @return the bytes that waited before it
     */
    synchronized long add(long position, long entryBytes, long entryRows, long nowNanos) {
        long before = waiting.bytes();
        if (waiting.isEmpty()) {
            waitingSinceNanos = nowNanos;
        }
        waiting.add(position, entryBytes, entryRows);
        forcedRows += entryRows;
        return before;
    }

    /** Takes a batch for the next commit; null if nothing waits. One batch at a time. */
    synchronized Extents.@Nullable Batch take(long targetBytes) {
        if (taken != null) {
            throw new IllegalStateException("The batch " + taken + " is not settled yet");
        }
        taken = waiting.take(targetBytes);
        takenSinceNanos = waitingSinceNanos; // and what is left behind has waited as long
        return taken;
    }

    /**
     * The taken batch is durable in the table, and what was before it is confirmed.
     *
     * @param committed rows of it that the table says it took
     * @param rejected rows of it that were put aside
     * @return how long its first row waited, in nanoseconds
     */
    synchronized long settle(long committed, long rejected) {
        Extents.Batch settled = taken;
        if (settled == null) {
            throw new IllegalStateException("No batch was taken");
        }
        taken = null;
        unconfirmedFrom = settled.from();
        unconfirmedTo = settled.to();
        budget.release(settled.bytes());
        committedRows += committed;
        rejectedRows += rejected;
        return nanoTime.getAsLong() - takenSinceNanos;
    }

    /** What is durable in the table was seen there again: the log need not keep it. */
    synchronized void confirm() {
        nothingUnconfirmed();
    }

    private void nothingUnconfirmed() {
        unconfirmedFrom = Long.MAX_VALUE;
        unconfirmedTo = 0;
    }

    /**
     * A settled batch is not in the table after all, and is taken once more; one taken since waits again.
     *
     * @param committed as when it was settled
     * @param rejected as when it was settled
     */
    synchronized void takeAgain(Extents.Batch lost, long committed, long rejected) {
        giveBack();
        taken = lost;
        committedRows -= committed;
        rejectedRows -= rejected;
        nothingUnconfirmed();
        budget.reserveRegardless(lost.bytes());
    }

    /** The taken batch is not going to be committed as it is: its entries wait again. */
    synchronized void giveBack() {
        Extents.Batch back = taken;
        if (back != null) {
            taken = null;
            waiting.putBack(back);
            waitingSinceNanos = takenSinceNanos;
        }
    }

    /**
     * Has entries of the taken batch wait again, from a position on.
     *
     * @param cut has measured the run of the batch that lies across the position, if there is one
     * @return what stays taken
     */
    synchronized Extents.Batch shorten(Cut cut) {
        Extents.Batch whole = taken;
        if (whole == null) {
            throw new IllegalStateException("No batch was taken");
        }
        taken = waiting.putBackFrom(whole, cut);
        waitingSinceNanos = takenSinceNanos;
        return taken;
    }

    /** See {@link Extents#across}. */
    synchronized @Nullable StreamRange across(long position) {
        return waiting.across(position);
    }

    /**
     * Forgets waiting entries below a position, which need no commit. The log keeps them until that is confirmed.
     *
     * @param cut has measured the run {@linkplain #across across} the position, if there is one
     * @return rows forgotten
     */
    synchronized long dropBelow(Cut cut) {
        long first = waiting.firstPosition(0);
        if (first < cut.position()) {
            unconfirmedFrom = Math.min(unconfirmedFrom, first);
            unconfirmedTo = Math.max(unconfirmedTo, cut.position());
        }
        Extents.Size dropped = waiting.dropBelow(cut.position())
                .plus(cut.below().bytes(), cut.below().rows());
        waiting.cut(cut);
        budget.release(dropped.bytes());
        recoveredRows -= dropped.rows();
        return dropped.rows();
    }

    /** The lowest position from {@code from} on that the log must keep; {@code Long.MAX_VALUE} if there is none. */
    synchronized long firstPosition(long from) {
        long unconfirmed = unconfirmedTo > from ? Math.max(unconfirmedFrom, from) : Long.MAX_VALUE;
        long inCommit = taken == null ? Long.MAX_VALUE : taken.firstPosition(from);
        return Math.min(unconfirmed, Math.min(inCommit, waiting.firstPosition(from)));
    }

    /** Bytes of pending entries below {@code position}, to about a run. */
    synchronized long bytesBelow(long position) {
        return waiting.bytesBelow(position) + (taken != null ? taken.bytesBelow(position) : 0);
    }

    synchronized long bytes() {
        return waiting.bytes() + (taken != null ? taken.bytes() : 0);
    }

    synchronized long rows() {
        return waiting.rows() + (taken != null ? taken.rows() : 0);
    }

    /** What became of all rows, at one moment. */
    synchronized RowCounts counts() {
        return new RowCounts(recoveredRows, forcedRows, committedRows, rejectedRows, rows());
    }

    /** Age of the oldest pending row in nanoseconds, 0 if there is none. */
    synchronized long oldestNanos() {
        if (taken != null) {
            return nanoTime.getAsLong() - takenSinceNanos;
        }
        return waiting.isEmpty() ? 0 : nanoTime.getAsLong() - waitingSinceNanos;
    }

    /** Whether so much waits, whatever its age. */
    synchronized boolean reaches(long targetBytes) {
        return waiting.bytes() >= targetBytes;
    }

    /** Nanoseconds until the next commit is due: at once if enough waits, {@link CommitScheduler#NEVER} if nothing does. */
    synchronized long delayNanos(long intervalNanos, long targetBytes) {
        if (waiting.isEmpty()) {
            return CommitScheduler.NEVER;
        }
        if (reaches(targetBytes)) {
            return 0;
        }
        return Math.max(0, waitingSinceNanos + intervalNanos - nanoTime.getAsLong());
    }
}
