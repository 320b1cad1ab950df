package io.headgate.wal;

import io.headgate.batching.LogRun;
import java.util.List;

/**
 * What a log's headers say.
 *
 * @param logId its id
 * @param firstPosition the lowest position that it still holds; all below were trimmed
 * @param runs the processes that it went through, as far back as it remembers, the last one last
 */
public record LogHead(String logId, long firstPosition, List<LogRun> runs) {
    public LogHead {
        runs = List.copyOf(runs);
    }
}
