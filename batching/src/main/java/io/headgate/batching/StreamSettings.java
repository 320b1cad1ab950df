package io.headgate.batching;

import java.time.Duration;
import java.util.Map;

/**
 * How the shared streams batch and what they hold.
 *
 * @param commitInterval how long a row may wait before a commit of its table begins, unless a table says otherwise
 * @param commitIntervals the same for single tables, by {@code catalog.schema.table}
 * @param fileTargetBytes entry bytes after which a commit begins at once, and which one commit takes at the most
 *     (rounded up to a run of about 1 MiB)
 * @param tableUnflushedBytes entry bytes that one table may hold between ack and commit
 * @param logPressureBytes log size from which the table that pins the oldest entries is committed early
 * @param retryDelayMin the pause after a first failure; it doubles from there
 * @param retryDelayMax the longest pause between attempts at a table in trouble
 */
public record StreamSettings(
        Duration commitInterval,
        Map<String, Duration> commitIntervals,
        long fileTargetBytes,
        long tableUnflushedBytes,
        long logPressureBytes,
        Duration retryDelayMin,
        Duration retryDelayMax) {
    public StreamSettings {
        commitIntervals = Map.copyOf(commitIntervals);
    }

    Duration commitIntervalOf(LoggedTable table) {
        return commitIntervals.getOrDefault(table.name().toString(), commitInterval);
    }
}
