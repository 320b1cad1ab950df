package io.headgate.batching;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one table has durable in the log and not yet in the table: rows waiting for a commit, and the batch that one is
 * being made of. Their bytes stay reserved in the table's budget until the commit is durable. Any thread.
 */
final class PendingRows {
    private final ByteBudget budget;
    private final LongSupplier nanoTime;

    // Guarded by this.
    private final Extents waiting;
    private Extents.@Nullable Batch taken;
    private long waitingSinceNanos;
    private long takenSinceNanos;

    /** @param recovered entries found in the log, if any; their bytes count whether the budget has room or not */
    PendingRows(ByteBudget budget, LongSupplier nanoTime, Extents recovered) {
        this.budget = budget;
        this.nanoTime = nanoTime;
        this.waiting = recovered;
        this.waitingSinceNanos = nanoTime.getAsLong();
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

    /** The taken batch is durable in the table; returns how long its first row waited, in nanoseconds. */
    synchronized long settle() {
        Extents.Batch settled = taken;
        if (settled == null) {
            throw new IllegalStateException("No batch was taken");
        }
        taken = null;
        budget.release(settled.bytes());
        return nanoTime.getAsLong() - takenSinceNanos;
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

    /** Forgets waiting entries below {@code position}: the table has them already. */
    synchronized void dropBelow(long position) {
        budget.release(waiting.dropBelow(position));
    }

    /** The lowest position not yet in the table; {@code Long.MAX_VALUE} if all is. */
    synchronized long firstPosition() {
        return taken != null ? taken.from() : waiting.firstPosition();
    }

    synchronized long bytes() {
        return waiting.bytes() + (taken != null ? taken.bytes() : 0);
    }

    synchronized long rows() {
        return waiting.rows() + (taken != null ? taken.rows() : 0);
    }

    /** Age of the oldest pending row in nanoseconds, 0 if there is none. */
    synchronized long oldestNanos() {
        if (taken != null) {
            return nanoTime.getAsLong() - takenSinceNanos;
        }
        return waiting.isEmpty() ? 0 : nanoTime.getAsLong() - waitingSinceNanos;
    }

    /** Nanoseconds until the next commit is due: at once if enough waits, {@link CommitScheduler#NEVER} if nothing does. */
    synchronized long delayNanos(long intervalNanos, long targetBytes) {
        if (waiting.isEmpty()) {
            return CommitScheduler.NEVER;
        }
        if (waiting.bytes() >= targetBytes) {
            return 0;
        }
        return Math.max(0, waitingSinceNanos + intervalNanos - nanoTime.getAsLong());
    }
}
