package io.headgate.batching;

import java.util.List;

/**
 * Tells the processes that one log went through from those that use a copy of it.
 *
 * @param runs as {@link StreamLog#runs}
 */
record Lineage(List<LogRun> runs) {
    /**
     * Whether a process that committed up to {@code position} surely had another log than this. A run of ours committed
     * nothing beyond the log's end when the next one began; if it did, it went on with a copy. Positions from the oldest
     * run known on were given out by it or by a later one, so no other run can have committed them.
     */
    boolean isForeign(String run, long position) {
        for (int i = 0; i < runs.size(); i++) {
            if (runs.get(i).id().equals(run)) {
                return i + 1 < runs.size() && position > runs.get(i + 1).from();
            }
        }
        return position > runs.get(0).from();
    }

    boolean isCurrent(String run) {
        return runs.get(runs.size() - 1).id().equals(run);
    }
}
