package io.headgate.batching;

import io.headgate.model.TableName;

/** What the streams tell of their work. Called from commit threads and, where said, from event loops: return quickly. */
public interface StreamMetrics {
    /** Tells nobody. */
    StreamMetrics NONE = new StreamMetrics() {};

    /**
     * A range of a table is durable in the table.
     *
     * @param rows rows that it added to the table
     * @param rejectedRows rows that the table could not take any more, put aside beside it
     * @param bytes of its data file
     * @param nanos from the start of the attempt to the durable commit
     * @param oldestRowNanos how long the first of its rows had been waiting since its ack; 0 if it was recovered
     */
    default void committed(
            TableName table, long rows, long rejectedRows, long bytes, long nanos, long oldestRowNanos) {}

    /** An attempt at a table failed and will be repeated. */
    default void commitFailed(TableName table) {}
}
