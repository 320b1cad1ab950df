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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tables in memory with Delta's rules: a commit takes a version number exclusively and carries rows and our transaction
 * version. Each process has its own {@link Writer}; faults are asked for before each step. Not thread-safe.
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
        COMMIT_LATE
    }

    /** Decides which steps fail. */
    @FunctionalInterface
    public interface Faults {
        boolean fails(Step step);
    }

    private final Map<TableId, Table> tables = new HashMap<>();
    private final Deque<Runnable> late = new ArrayDeque<>();
    private int writers;

    private static final class Table {
        private int version;
        private int layout; // grows with each change; rows of an older one fit, rows of a newer one do not
        private boolean gone;
        private OptionalLong txn = OptionalLong.empty();
        private final List<Integer> rows = new ArrayList<>();
        private final Set<File> files = new HashSet<>();
        private final Set<File> onDisk = new HashSet<>();
    }

    public record Snapshot(TableId table, int version, int layout, OptionalLong committedTo)
            implements TableWriter.TableSnapshot {
        @Override
        public boolean sameLayout(TableWriter.TableSnapshot other) {
            return layout == ((Snapshot) other).layout;
        }
    }

    public record File(int writer, StreamRange range, int attempt, int layout, List<Integer> rows)
            implements TableWriter.DataFile {
        @Override
        public long rowCount() {
            return rows.size();
        }

        @Override
        public long rejectedRows() {
            return 0;
        }

        @Override
        public long sizeBytes() {
            return rows.size() * 4L;
        }
    }

    private Table table(TableId id) {
        return tables.computeIfAbsent(id, t -> new Table());
    }

    /** All rows of a table, in order of commit. */
    public List<Integer> rows(TableId id) {
        return table(id).rows;
    }

    public OptionalLong txn(TableId id) {
        return table(id).txn;
    }

    /** Whether all files that the table names are there. */
    public boolean isWhole(TableId id) {
        return table(id).onDisk.containsAll(table(id).files);
    }

    /** Somebody else appends. */
    public void foreignCommit(TableId id) {
        table(id).version++;
    }

    /** Somebody else alters the table in a way that old data files do not fit. */
    public void foreignAlter(TableId id) {
        table(id).version++;
        table(id).layout++;
    }

    /** Somebody else commits under our log's name. */
    public void foreignTxn(TableId id, long to) {
        table(id).version++;
        table(id).txn = OptionalLong.of(to);
    }

    /** The table no longer says what our log committed to it. */
    public void forgetTxn(TableId id) {
        table(id).version++;
        table(id).txn = OptionalLong.empty();
    }

    public int layout(TableId id) {
        return table(id).layout;
    }

    public void gone(TableId id, boolean isGone) {
        table(id).gone = isGone;
    }

    /** Commits whose process got no answer arrive now. */
    public void landLate() {
        while (!late.isEmpty()) {
            late.remove().run();
        }
    }

    public Writer writer(Faults faults) {
        return new Writer(writers++, faults);
    }

    /** One process' way to the tables. */
    public final class Writer implements TableWriter {
        private final int number;
        private final Faults faults;
        private final List<File> written = new ArrayList<>();
        private final Set<File> committed = new HashSet<>();
        private @Nullable Long removedFrom;

        private Writer(int number, Faults faults) {
            this.number = number;
            this.faults = faults;
        }

        public List<File> written() {
            return written;
        }

        public @Nullable Long removedFrom() {
            return removedFrom;
        }

        private void step(Step step) throws IOException {
            if (faults.fails(step)) {
                throw new IOException("injected at " + step);
            }
        }

        @Override
        public TableSnapshot load(LoggedTable logged) throws TableChangedException, IOException {
            step(Step.LOAD);
            Table table = table(logged.id());
            if (table.gone) {
                throw new TableChangedException("the table is gone");
            }
            return new Snapshot(logged.id(), table.version, table.layout, table.txn);
        }

        @Override
        public DataFile write(
                LoggedTable logged, TableSnapshot target, StreamRange range, int attempt, EntrySource entries)
                throws TableChangedException, IOException {
            step(Step.WRITE);
            List<Integer> rows = new ArrayList<>();
            int layout = ((Snapshot) target).layout();
            List<String> newer = new ArrayList<>();
            entries.forEach(entry -> {
                if (Integer.parseInt(entry.schema().schemaJson()) > layout) {
                    newer.add(entry.schema().schemaJson());
                }
                ByteBuffer payload = entry.payload().duplicate();
                while (payload.hasRemaining()) {
                    rows.add(payload.getInt());
                }
            });
            if (!newer.isEmpty()) {
                throw new TableChangedException("rows of layout " + newer + " in a table of layout " + layout);
            }
            File file = new File(number, range, attempt, layout, rows);
            written.add(file);
            table(logged.id()).onDisk.add(file);
            return file;
        }

        @Override
        public TableSnapshot commit(LoggedTable logged, TableSnapshot base, StreamRange range, DataFile file)
                throws IOException {
            step(Step.COMMIT_BEFORE);
            Snapshot from = (Snapshot) base;
            if (faults.fails(Step.COMMIT_LATE)) {
                late.add(() -> land(logged.id(), from, range, (File) file));
                throw new IOException("injected: no answer");
            }
            if (!land(logged.id(), from, range, (File) file)) {
                throw new IOException("conflict: version " + (from.version() + 1) + " exists");
            }
            committed.add((File) file);
            step(Step.COMMIT_AFTER);
            return new Snapshot(logged.id(), from.version() + 1, from.layout(), OptionalLong.of(range.to()));
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
            table.version++;
            table.txn = OptionalLong.of(range.to());
            table.rows.addAll(file.rows());
            return true;
        }

        @Override
        public boolean tookIn(LoggedTable logged, TableSnapshot base, TableSnapshot current, DataFile file) {
            if (table(logged.id()).files.contains((File) file)) {
                committed.add((File) file);
                return true;
            }
            return false;
        }

        @Override
        public boolean isStillThere(LoggedTable logged, TableSnapshot version) {
            return table(logged.id()).version >= ((Snapshot) version).version();
        }

        @Override
        public Optional<String> committedBy(LoggedTable logged, TableSnapshot current) {
            return Optional.empty();
        }

        @Override
        public int removeLeftovers(LoggedTable logged, TableSnapshot current, long from) {
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
