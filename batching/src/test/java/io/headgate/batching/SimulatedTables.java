package io.headgate.batching;

import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tables in memory with Delta's rules: a commit takes a version number exclusively and carries rows, our transaction
 * version and the run that made it. Rows are 4-byte numbers. Each process has its own {@link Writer}; faults are asked for
 * before each step. What others can do to a table, the {@code foreign} methods do. The same calls have the same results,
 * always. Not thread-safe.
 */
public final class SimulatedTables {
    /** Where a step fails. */
    public enum Step {
        LOAD,
        WRITE,
        COMMIT_BEFORE,
        /** The commit lands, the answer is lost. */
        COMMIT_AFTER,
        /** The commit fails, and lands later, when {@link #landLate} is called, if its version is still free. */
        COMMIT_LATE,
        LOOK
    }

    /** Decides which steps fail. */
    @FunctionalInterface
    public interface Faults {
        boolean fails(Step step);
    }

    /** Says which rows a table cannot take any more, though they were accepted for it. */
    @FunctionalInterface
    public interface Misfits {
        boolean contains(int row);
    }

    private final Map<TableId, Table> tables = new HashMap<>();
    private final Map<String, TableId> places = new HashMap<>();
    private final Deque<Runnable> late = new ArrayDeque<>();
    private Misfits misfits = row -> false;
    private int entriesMax = Integer.MAX_VALUE;
    private int writers;
    private long rowCostNanos;
    private long commitCostNanos;
    private long cpuNanos;

    private static final class Table {
        private long version;
        private int layout; // grows with each change; rows of an older one fit, rows of a newer one do not
        private boolean gone;
        private boolean away;
        private OptionalLong txn = OptionalLong.empty();
        private Optional<String> txnBy = Optional.empty();
        private final List<Integer> rows = new ArrayList<>();
        private final List<Integer> rejected = new ArrayList<>();
        private final Set<File> files = new HashSet<>();
        private final Set<File> onDisk = new HashSet<>();
        private @Nullable Landing replaceable;
        private final NavigableMap<Long, File> commits = new TreeMap<>(); // by version
        private final Map<Long, Integer> replaced = new HashMap<>(); // how often, by version
    }

    /** What the latest version brought, as long as nobody has seen it again. */
    private record Landing(File file, OptionalLong txnBefore, Optional<String> txnByBefore) {}

    /** A version of a table; {@code replaced} tells it from one of the same number that was there before. */
    public record Snapshot(
            TableId table, long version, int replaced, int layout, OptionalLong committedTo, OptionalLong addedRows)
            implements TableWriter.TableSnapshot {
        @Override
        public boolean sameLayout(TableWriter.TableSnapshot other) {
            return layout == ((Snapshot) other).layout;
        }
    }

    /** A data file, and beside it the rows that the table could not take. */
    public record File(
            int writer, StreamRange range, int attempt, int layout, List<Integer> rows, List<Integer> rejected)
            implements TableWriter.DataFile {
        @Override
        public long rowCount() {
            return rows.size();
        }

        @Override
        public long rejectedRows() {
            return rejected.size();
        }

        @Override
        public long sizeBytes() {
            return rows.size() * 4L;
        }
    }

    /** What each row and each commit is to cost. */
    void cost(long rowNanos, long commitNanos) {
        rowCostNanos = rowNanos;
        commitCostNanos = commitNanos;
    }

    /** CPU time that all was. */
    long cpuNanos() {
        return cpuNanos;
    }

    private Table table(TableId id) {
        return tables.computeIfAbsent(id, t -> new Table());
    }

    /** How many commits a table took. */
    long version(LoggedTable table) {
        return table(table.id()).version;
    }

    /** All rows of a table, in order of commit. */
    public List<Integer> rows(TableId id) {
        return table(id).rows;
    }

    /** All rows that were put aside for a table, in order of commit. */
    public List<Integer> rejected(TableId id) {
        return table(id).rejected;
    }

    public OptionalLong txn(TableId id) {
        return table(id).txn;
    }

    /** Whose run made the commit that the table's transaction version is of. */
    public Optional<String> committedBy(TableId id) {
        return table(id).txnBy;
    }

    /** Whether all files that the table names are there. */
    public boolean isWhole(TableId id) {
        return table(id).onDisk.containsAll(table(id).files);
    }

    /** Somebody else appends. */
    public void foreignCommit(TableId id) {
        newVersion(table(id));
    }

    /** Somebody else alters the table in a way that old data files do not fit. */
    public void foreignAlter(TableId id) {
        newVersion(table(id));
        table(id).layout++;
    }

    /** Somebody else, who does not say who, commits under our log's name. */
    public void foreignTxn(TableId id, long to) {
        newVersion(table(id));
        table(id).txn = OptionalLong.of(to);
        table(id).txnBy = Optional.empty();
    }

    /** The table no longer says what our log committed to it. */
    public void forgetTxn(TableId id) {
        newVersion(table(id));
        table(id).txn = OptionalLong.empty();
        table(id).txnBy = Optional.empty();
    }

    /**
     * Somebody else, who looked whether the latest version's file is there before it was, renames another onto it. Only
     * somebody who takes long for that meets a version that was seen again: then, and where another commit of ours is
     * still on its way, which no storage with renames has, nothing happens.
     *
     * @return the rows that are no longer in the table: its last
     */
    public List<Integer> foreignReplace(TableId id) {
        Table table = table(id);
        Landing lost = table.replaceable;
        if (lost == null || !late.isEmpty()) {
            return List.of();
        }
        table.replaceable = null;
        table.replaced.merge(table.version, 1, Integer::sum);
        table.files.remove(lost.file);
        table.commits.remove(table.version);
        table.txn = lost.txnBefore;
        table.txnBy = lost.txnByBefore;
        removeLast(table.rows, lost.file.rows().size());
        removeLast(table.rejected, lost.file.rejected().size());
        return lost.file.rows();
    }

    private static void removeLast(List<Integer> rows, int count) {
        rows.subList(rows.size() - count, rows.size()).clear();
    }

    private static int replaced(Table table, long version) {
        return table.replaced.getOrDefault(version, 0);
    }

    private static void newVersion(Table table) {
        table.version++;
        table.replaceable = null;
    }

    /** The table in a place is another one from now on: dropped and created anew. */
    public void foreignRecreate(LoggedTable anew) {
        places.put(anew.location(), anew.id());
    }

    /** Which rows tables cannot take from now on. */
    public void misfits(Misfits rows) {
        misfits = rows;
    }

    /** How many entries a commit can take from now on, 1 or more. */
    public void entriesMax(int entries) {
        entriesMax = entries;
    }

    public int layout(TableId id) {
        return table(id).layout;
    }

    public void gone(TableId id, boolean isGone) {
        table(id).gone = isGone;
    }

    /** The table's storage does not answer, or does again. */
    public void away(TableId id, boolean isAway) {
        table(id).away = isAway;
    }

    /** Commits whose process got no answer arrive now. */
    public void landLate() {
        while (!late.isEmpty()) {
            late.remove().run();
        }
    }

    /** @param run the log's run that the process is */
    public Writer writer(String run, Faults faults) {
        return new Writer(writers++, run, faults);
    }

    /** One process' way to the tables. */
    public final class Writer implements TableWriter {
        private final int number;
        private final String run;
        private final Faults faults;
        private final List<File> written = new ArrayList<>();
        private final Set<File> committed = new HashSet<>();
        private @Nullable Long removedFrom;

        private Writer(int number, String run, Faults faults) {
            this.number = number;
            this.run = run;
            this.faults = faults;
        }

        public List<File> written() {
            return written;
        }

        public @Nullable Long removedFrom() {
            return removedFrom;
        }

        private void step(LoggedTable logged, Step step) throws IOException {
            if (table(logged.id()).away) {
                throw new IOException("injected: the storage is away");
            }
            if (faults.fails(step)) {
                throw new IOException("injected at " + step);
            }
        }

        @Override
        public TableSnapshot load(LoggedTable logged) throws TableChangedException, IOException {
            step(logged, Step.LOAD);
            Table table = table(logged.id());
            if (table.gone) {
                throw new TableChangedException("the table is gone");
            }
            if (isAnother(logged)) {
                throw new TableChangedException("the table is another one");
            }
            Landing latest = table(logged.id()).replaceable;
            if (latest != null && latest.file.writer() != number) {
                table(logged.id()).replaceable = null; // a process does not start as quickly as a file is renamed
            }
            return snapshot(logged.id(), OptionalLong.empty());
        }

        private boolean isAnother(LoggedTable logged) {
            return !logged.id().equals(places.getOrDefault(logged.location(), logged.id()));
        }

        private Snapshot snapshot(TableId id, OptionalLong addedRows) {
            Table table = table(id);
            return new Snapshot(id, table.version, replaced(table, table.version), table.layout, table.txn, addedRows);
        }

        @Override
        public DataFile write(
                LoggedTable logged, TableSnapshot target, StreamRange range, int attempt, EntrySource entries)
                throws TableChangedException, RangeTooWideException, IOException {
            step(logged, Step.WRITE);
            requireNarrow(range, entries);
            List<Integer> rows = new ArrayList<>();
            List<Integer> rejected = new ArrayList<>();
            int layout = ((Snapshot) target).layout();
            List<String> newer = new ArrayList<>();
            entries.forEach(entry -> {
                if (Integer.parseInt(entry.schema().schemaJson()) > layout) {
                    newer.add(entry.schema().schemaJson());
                }
                ByteBuffer payload = entry.payload().duplicate();
                while (payload.hasRemaining()) {
                    int row = payload.getInt();
                    cpuNanos += rowCostNanos;
                    (misfits.contains(row) ? rejected : rows).add(row);
                }
            });
            if (!newer.isEmpty()) {
                throw new TableChangedException("rows of layout " + newer + " in a table of layout " + layout);
            }
            File file = new File(number, range, attempt, layout, rows, rejected);
            written.add(file);
            table(logged.id()).onDisk.add(file);
            return file;
        }

        private void requireNarrow(StreamRange range, EntrySource entries) throws RangeTooWideException, IOException {
            List<Long> positions = new ArrayList<>();
            entries.forEach(entry -> positions.add(entry.position()));
            if (positions.size() > entriesMax) {
                throw new RangeTooWideException(
                        positions.get(entriesMax), range + " has " + positions.size() + " entries");
            }
        }

        @Override
        public TableSnapshot commit(LoggedTable logged, TableSnapshot base, StreamRange range, DataFile file)
                throws IOException {
            cpuNanos += commitCostNanos;
            step(logged, Step.COMMIT_BEFORE);
            Snapshot from = (Snapshot) base;
            if (!isThere(logged, from)) {
                throw new IOException("conflict: version " + from.version() + " is not the one it was");
            }
            if (faults.fails(Step.COMMIT_LATE)) {
                late.add(() -> land(logged.id(), from, range, (File) file));
                throw new IOException("injected: no answer");
            }
            if (!land(logged.id(), from, range, (File) file)) {
                throw new IOException("conflict: version " + (from.version() + 1) + " exists");
            }
            committed.add((File) file);
            step(logged, Step.COMMIT_AFTER);
            return snapshot(logged.id(), OptionalLong.of(((File) file).rows().size()));
        }

        private boolean land(TableId id, Snapshot base, StreamRange range, File file) {
            Table table = table(id);
            if (table.version != base.version()) {
                return false;
            }
            if (table.layout != file.layout()) {
                throw new AssertionError("a file of layout " + file.layout() + " lands in layout " + table.layout);
            }
            if (!table.files.add(file)) {
                throw new AssertionError("the same file twice: " + file);
            }
            newVersion(table);
            table.replaceable = new Landing(file, table.txn, table.txnBy);
            table.txn = OptionalLong.of(range.to());
            table.txnBy = Optional.of(run);
            table.commits.put(table.version, file);
            table.rows.addAll(file.rows());
            table.rejected.addAll(file.rejected());
            return true;
        }

        @Override
        public boolean tookIn(LoggedTable logged, TableSnapshot base, TableSnapshot current, DataFile file)
                throws IOException {
            step(logged, Step.LOOK);
            if (table(logged.id()).files.contains((File) file)) {
                committed.add((File) file);
                return true;
            }
            return false;
        }

        @Override
        public boolean isStillThere(LoggedTable logged, TableSnapshot version) throws IOException {
            step(logged, Step.LOOK);
            if (isThere(logged, (Snapshot) version)) {
                if (table(logged.id()).version == ((Snapshot) version).version()) {
                    table(logged.id()).replaceable = null;
                }
                return true;
            }
            return false;
        }

        private boolean isThere(LoggedTable logged, Snapshot version) {
            Table table = table(logged.id());
            return !isAnother(logged)
                    && table.version >= version.version()
                    && replaced(table, version.version()) == version.replaced();
        }

        @Override
        public Optional<String> committedBy(LoggedTable logged, TableSnapshot current) throws IOException {
            step(logged, Step.LOOK);
            return table(logged.id()).txnBy;
        }

        @Override
        public io.headgate.batching.Landing landing(LoggedTable logged, long position) throws IOException {
            step(logged, Step.LOOK);
            for (Map.Entry<Long, File> commit : table(logged.id()).commits.entrySet()) {
                StreamRange range = commit.getValue().range();
                if (range.from() <= position && position < range.to()) {
                    return io.headgate.batching.Landing.committed(commit.getKey());
                }
            }
            return io.headgate.batching.Landing.noted(
                    io.headgate.batching.Landing.State.ABANDONED, OptionalLong.empty(), "no commit has it");
        }

        @Override
        public int removeLeftovers(LoggedTable logged, TableSnapshot current, long from) throws IOException {
            step(logged, Step.LOOK);
            removedFrom = from;
            Table table = table(logged.id());
            List<File> leftovers = table.onDisk.stream()
                    .filter(file -> !committed.contains(file))
                    .filter(file -> file.writer() == number || file.range().from() >= from)
                    .toList();
            table.onDisk.removeAll(leftovers);
            if (!isWhole(logged.id())) {
                throw new AssertionError("removed a file that the table names");
            }
            return leftovers.size();
        }
    }
}
