package io.headgate.batching;

import io.headgate.model.TableName;

/**
 * Where one table's rows are, from sources that do not know of each other: the edge counts what it answers, the log's
 * writer what it forces, and what was committed is read back from the table's own commits. All of it since this process
 * started.
 *
 * <pre>
 *   acked + recovered = committed + rejected + pending     but for acks that are on their way
 * </pre>
 *
 * @param table the table
 * @param ackedRows rows that were answered 200
 * @param recoveredRows rows found in the log at the start that the table did not have
 * @param committedRows rows that the table's commits say they added
 * @param rejectedRows rows acked that the table could not take any more
 * @param pendingRows rows acked and not yet committed
 * @param mismatchRows what does not add up; 0 if all is well
 */
public record TableAudit(
        TableName table,
        long ackedRows,
        long recoveredRows,
        long committedRows,
        long rejectedRows,
        long pendingRows,
        long mismatchRows) {}
