package io.headgate.batching;

/**
 * What became of one table's rows since this process started, each counted where it happened.
 *
 * @param recovered rows found in the log at the start that the table did not have
 * @param forced rows that the log handed back as durable
 * @param committed rows that the table's own commits say they added
 * @param rejected rows that were put aside
 * @param pending rows that wait
 */
record RowCounts(long recovered, long forced, long committed, long rejected, long pending) {
    /** Rows that the log took and that are nowhere; below 0 if there are more than it took. */
    long missing() {
        return recovered + forced - committed - rejected - pending;
    }
}
