package io.headgate.batching;

import io.headgate.model.TableId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects what the log still holds while it is being recovered: per table, how far it is known to be, and where entries
 * lie that it may not have. One thread.
 */
public final class RecoveredEntries implements RecoveryConsumer {
    private final Map<TableId, Recovered> tables = new LinkedHashMap<>();
    private final @Nullable IdempotencyWindow keys;

    /** For a process that serves nobody. */
    public RecoveredEntries() {
        this.keys = null;
    }

    /** @param keys gets to know the keys that the entries carry, and those of entries that left the log */
    public RecoveredEntries(IdempotencyWindow keys) {
        this.keys = keys;
    }

    /** Knows the keys of accepted requests; null in a process that serves nobody. */
    @Nullable
    IdempotencyWindow keys() {
        return keys;
    }

    @Override
    public void key(long position, long receiveTimeMillis, IdempotencyKey key) {
        if (keys != null) {
            keys.recovered(position, receiveTimeMillis, key);
        }
    }

    @Override
    public void accept(LogEntry entry) {
        IdempotencyKey carried = keys == null ? null : IdempotencyKey.of(entry.tags());
        if (carried != null) {
            key(entry.position(), entry.receiveTimeMillis(), carried);
        }
        Recovered of = of(entry.schema().table());
        if (entry.position() >= of.needlessBelow()) {
            of.extents.add(entry.position(), entry.sizeBytes(), entry.rowCount());
        } else {
            of.goneRows += entry.position() >= of.noted.position() ? entry.rowCount() : 0;
        }
    }

    @Override
    public void committed(LoggedTable table, long position, long rows) {
        Recovered of = of(table);
        if (position > of.noted.position()) {
            of.noted = new Progress(position, rows);
            of.goneRows = 0;
            of.forget();
        }
    }

    @Override
    public void abandoned(LoggedTable table, long position, String where) {
        Recovered of = of(table);
        of.abandonedTo = Math.max(of.abandonedTo, position);
        of.goneRows += of.forget();
    }

    /** The newest name and location win: the table may have moved between two runs. */
    private Recovered of(LoggedTable table) {
        Recovered of = tables.computeIfAbsent(table.id(), id -> new Recovered(table));
        of.table = table;
        return of;
    }

    Iterable<Recovered> tables() {
        return tables.values();
    }

    /** What the log knew of one table. */
    static final class Recovered {
        private LoggedTable table;
        private final Extents extents = new Extents();
        private Progress noted = Progress.NONE;
        private long abandonedTo;
        private long goneRows;

        /** Nothing but the table. */
        Recovered(LoggedTable table) {
            this.table = table;
        }

        /** A table that this process had brought as far as that. */
        Recovered(LoggedTable table, Progress progress) {
            this.table = table;
            this.noted = progress;
        }

        LoggedTable table() {
            return table;
        }

        /** Where its entries lie. The first run may begin with some that need no commit. */
        Extents extents() {
            return extents;
        }

        /** How far the last note says that the table is. */
        Progress noted() {
            return noted;
        }

        /** Entries below this position need no commit, whatever the table says. */
        long needlessBelow() {
            return Math.max(noted.position(), abandonedTo);
        }

        /** Rows of entries from {@link #noted} on that are not in {@link #extents} any more, as they were abandoned. */
        long goneRows() {
            return goneRows;
        }

        private long forget() {
            return extents.dropBelow(needlessBelow()).rows();
        }
    }
}
