package io.headgate.gateway;

import io.headgate.batching.LogRun;
import io.headgate.delta.CommittedRange;
import io.headgate.model.StreamRange;
import java.util.List;
import java.util.Optional;

/**
 * Which of a log's positions a table has, where another process committed to it for a copy of that log.
 *
 * <p>What one of this log's own runs committed is in, as far as the run gave out positions in this log: its process may
 * have gone on elsewhere, in the copy. What others committed may hold rows that both logs have, from before the copy was
 * made; positions of this log's last run it does not hold, unless the others followed on that very run.
 *
 * @param from below this all rows of this log are in the table
 * @param told whether any commit says so
 * @param doubtful positions from there on that the table may have by another's commit; empty if there is none
 */
record OwnRows(long from, boolean told, Optional<StreamRange> doubtful) {
    /**
     * @param runs of this log, the oldest known first
     * @param commits to the table under this log's id, oldest first
     * @param notedTo below this the log itself notes that all rows are in the table
     */
    static OwnRows of(List<LogRun> runs, List<CommittedRange> commits, long notedTo) {
        long from = notedTo;
        boolean told = notedTo > 0;
        long othersTo = 0;
        long othersNotFrom = Long.MAX_VALUE;
        int last = -1;
        for (CommittedRange commit : commits) {
            long to = commit.range().to();
            int run = indexOf(runs, commit);
            if (run < 0 && to > runs.get(0).from()) {
                othersTo = Math.max(othersTo, to);
                othersNotFrom = last == runs.size() - 1
                        ? Long.MAX_VALUE
                        : runs.get(runs.size() - 1).from();
            } else {
                from = Math.max(from, Math.min(to, endOf(runs, run)));
                told = true;
                last = Math.max(last, run);
            }
        }
        long doubtfulTo = Math.min(othersTo, othersNotFrom);
        return new OwnRows(
                from, told, from < doubtfulTo ? Optional.of(new StreamRange(from, doubtfulTo)) : Optional.empty());
    }

    /** -1 for a run from before what the log remembers, or another's. */
    private static int indexOf(List<LogRun> runs, CommittedRange commit) {
        for (int i = 0; i < runs.size(); i++) {
            String id = runs.get(i).id();
            if (commit.origin().filter(origin -> origin.run().equals(id)).isPresent()) {
                return i;
            }
        }
        return -1;
    }

    /** One past the last position that a run gave out in this log. */
    private static long endOf(List<LogRun> runs, int run) {
        return run + 1 < runs.size() ? runs.get(run + 1).from() : Long.MAX_VALUE;
    }
}
