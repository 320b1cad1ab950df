package io.headgate.batching;

import java.time.Duration;

/**
 * How one table's rows are batched and how many may wait.
 *
 * @param commitInterval how long a row may wait before a commit begins
 * @param fileTargetBytes entry bytes after which a commit begins at once, and which one commit takes at the most
 *     (rounded up to a run of about 1 MiB)
 * @param unflushedBytes entry bytes that the table may hold between ack and commit
 */
public record TableSettings(Duration commitInterval, long fileTargetBytes, long unflushedBytes) {}
