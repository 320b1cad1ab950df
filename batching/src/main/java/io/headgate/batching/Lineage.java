package io.headgate.batching;

import java.util.List;

/**
 * Tells the processes that one log went through from those that use a copy of it.
 *
 * @param runs as {@link StreamLog#runs}
 */
record Lineage(List<LogRun> runs) {
    /**
     * Whether a process that committed up to {@code position} is surely not one of ours. Positions from the oldest run
     * known on were given out by it or by a later one, so one of those must have committed them.
     */
    boolean isForeign(String run, long position) {
        return position > runs.get(0).from()
                && runs.stream().noneMatch(own -> own.id().equals(run));
    }

    boolean isCurrent(String run) {
        return runs.get(runs.size() - 1).id().equals(run);
    }
}
