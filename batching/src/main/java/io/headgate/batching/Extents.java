package io.headgate.batching;

import io.headgate.model.StreamRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where in the log one table's pending entries lie, as runs of positions. A run may hold entries of other tables, which
 * a reader skips; it never misses one of ours. Bounded: when there are too many runs, neighbours are joined. Not
 * thread-safe.
 */
final class Extents {
    /**
     * With more positions of other tables in between, a run would say too little of which part of the log is still needed.
     * Reading passes over them at little cost, however many they are.
     */
    private static final int GAP_MAX = 1 << 16;

    /** Commits cut between runs, so a run must not grow without end. */
    private static final long RUN_BYTES_MAX = 1 << 20;

    private static final int RUNS_MAX = 4096;

    private final int runsMax;
    private Deque<Run> runs = new ArrayDeque<>();
    private long bytes;
    private long rows;

    /** Keeps at most 4,096 runs. */
    Extents() {
        this(RUNS_MAX);
    }

    /** @param runsMax the most runs to keep, 2 or more */
    Extents(int runsMax) {
        this.runsMax = runsMax;
    }

    /** Adds an entry; positions ascend from call to call. */
    void add(long position, long entryBytes, long entryRows) {
        Run last = runs.peekLast();
        if (last == null || position - last.to > GAP_MAX || last.bytes >= RUN_BYTES_MAX) {
            last = new Run(position);
            runs.add(last);
        }
        last.to = position + 1;
        last.bytes += entryBytes;
        last.rows += entryRows;
        bytes += entryBytes;
        rows += entryRows;
        if (runs.size() > runsMax) {
            joinNeighbours();
        }
    }

    private void joinNeighbours() {
        Deque<Run> joined = new ArrayDeque<>();
        for (Iterator<Run> each = runs.iterator(); each.hasNext(); ) {
            Run run = each.next();
            if (each.hasNext()) {
                Run next = each.next();
                run.to = next.to;
                run.bytes += next.bytes;
                run.rows += next.rows;
            }
            joined.add(run);
        }
        runs = joined;
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    long rows() {
        return rows;
    }

    /** Takes whole runs from the front until they hold {@code targetBytes}; null if nothing is pending. */
    @Nullable
    Batch take(long targetBytes) {
        if (runs.isEmpty()) {
            return null;
        }
        List<Run> taken = new ArrayList<>();
        long takenBytes = 0;
        do {
            Run run = runs.remove();
            taken.add(run);
            takenBytes += run.bytes;
        } while (!runs.isEmpty() && takenBytes < targetBytes);
        Batch batch = Batch.of(taken);
        bytes -= batch.bytes;
        rows -= batch.rows;
        return batch;
    }

    /** Puts a taken batch back in front. */
    void putBack(Batch batch) {
        for (int i = batch.source.size() - 1; i >= 0; i--) {
            runs.addFirst(batch.source.get(i));
        }
        bytes += batch.bytes;
        rows += batch.rows;
    }

    /**
     * Puts back what a taken batch has from a position on.
     *
     * @param cut has measured the run of the batch that lies across it, if there is one
     * @return what is left of the batch
     */
    Batch putBackFrom(Batch batch, Cut cut) {
        List<Run> kept = new ArrayList<>();
        List<Run> back = new ArrayList<>();
        for (Run run : batch.source) {
            if (run.from >= cut.position()) {
                back.add(run);
            } else if (run.to <= cut.position()) {
                kept.add(run);
            } else {
                kept.add(run.below(cut));
                back.add(run.from(cut));
            }
        }
        putBack(Batch.of(back));
        return Batch.of(kept);
    }

    /** The run that lies across {@code position}, if one does: to be measured before it is cut. */
    @Nullable
    StreamRange across(long position) {
        return across(runs, position);
    }

    private static @Nullable StreamRange across(Iterable<Run> ascending, long position) {
        for (Run run : ascending) {
            if (run.to > position) {
                return run.from < position ? new StreamRange(run.from, run.to) : null;
            }
        }
        return null;
    }

    /** Forgets runs wholly below {@code position}, and returns what they held. */
    Size dropBelow(long position) {
        Size dropped = Size.NONE;
        while (!runs.isEmpty() && runs.element().to <= position) {
            Run run = runs.remove();
            dropped = dropped.plus(run.bytes, run.rows);
        }
        bytes -= dropped.bytes;
        rows -= dropped.rows;
        return dropped;
    }

    /** Cuts the first run if it lies across the position of {@code cut}, which measured it. */
    void cut(Cut cut) {
        Run first = runs.peekFirst();
        if (first != null && first.from < cut.position()) {
            first.from = cut.from();
            first.bytes -= cut.below().bytes;
            first.rows -= cut.below().rows;
            bytes -= cut.below().bytes;
            rows -= cut.below().rows;
        }
    }

    /** The lowest pending position from {@code from} on; {@code Long.MAX_VALUE} if nothing is pending there. */
    long firstPosition(long from) {
        return firstPosition(runs, from);
    }

    private static long firstPosition(Iterable<Run> ascending, long from) {
        for (Run run : ascending) {
            if (run.to > from) {
                return Math.max(run.from, from);
            }
        }
        return Long.MAX_VALUE;
    }

    /** Bytes of the runs that begin below {@code position}. */
    long bytesBelow(long position) {
        return bytesBelow(runs, position);
    }

    private static long bytesBelow(Iterable<Run> ascending, long position) {
        long below = 0;
        for (Run run : ascending) {
            if (run.from >= position) {
                return below;
            }
            below += run.bytes;
        }
        return below;
    }

    /** What some entries hold. */
    record Size(long bytes, long rows) {
        static final Size NONE = new Size(0, 0);

        Size plus(long moreBytes, long moreRows) {
            return new Size(bytes + moreBytes, rows + moreRows);
        }
    }

    /**
     * Entries that go into one commit.
     *
     * @param source the runs, ours alone
     * @param runs where in the log the entries lie
     */
    record Batch(List<Run> source, List<StreamRange> runs, long bytes, long rows) {
        private static Batch of(List<Run> source) {
            return new Batch(
                    source,
                    source.stream()
                            .map(run -> new StreamRange(run.from, run.to))
                            .toList(),
                    source.stream().mapToLong(run -> run.bytes).sum(),
                    source.stream().mapToLong(run -> run.rows).sum());
        }

        long from() {
            return runs.get(0).from();
        }

        long to() {
            return runs.get(runs.size() - 1).to();
        }

        long firstPosition(long from) {
            return Extents.firstPosition(source, from);
        }

        /** As {@link Extents#across}. */
        @Nullable
        StreamRange across(long position) {
            return Extents.across(source, position);
        }

        long bytesBelow(long position) {
            return Extents.bytesBelow(source, position);
        }
    }

    /** Positions and what of ours lies there. */
    static final class Run {
        private long from;
        private long to;
        private long bytes;
        private long rows;

        Run(long from) {
            this.from = from;
        }

        private Run below(Cut cut) {
            return of(from, cut.position(), cut.below());
        }

        private Run from(Cut cut) {
            return of(cut.from(), to, new Size(bytes - cut.below().bytes, rows - cut.below().rows));
        }

        private static Run of(long from, long to, Size size) {
            Run run = new Run(from);
            run.to = to;
            run.bytes = size.bytes;
            run.rows = size.rows;
            return run;
        }
    }
}
