package io.headgate.batching;

import io.headgate.model.TableName;

/**
 * How one table's stream is doing.
 *
 * @param table the table
 * @param state what it does with appends and commits
 * @param problem why it does not commit; empty if it does
 * @param pendingBytes entry bytes acked and not yet committed
 * @param parkedBytes how many of them, to about 1 MiB, were parked so that the log can go on without them
 * @param pendingRows rows acked and not yet committed; an upper bound right after a recovery
 * @param oldestPendingNanos age of the oldest such row since its ack or its recovery; 0 if there is none
 */
public record TableStatus(
        TableName table,
        State state,
        String problem,
        long pendingBytes,
        long parkedBytes,
        long pendingRows,
        long oldestPendingNanos) {
    /** What a stream does. */
    public enum State {
        /** Accepts and commits. */
        OPEN,
        /** Accepts; the last attempt to commit failed and will be repeated. */
        RETRYING,
        /** Accepts nothing: the table changed under pending rows; looks again from time to time. */
        HALTED
    }
}
