package io.headgate.gateway.verify;

import io.headgate.batching.LoggedTable;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import io.headgate.wal.EntryKind;
import io.headgate.wal.LogVisitor;
import io.headgate.wal.Note;
import io.headgate.wal.ScannedEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Counts what the log holds of each table while it is read. */
final class LogTally implements LogVisitor {
    private final Map<TableId, SpanCounts> spans;
    private final Map<TableId, NotedRows> notes = new LinkedHashMap<>();
    private final ToLongFunction<TableId> reach;
    private final List<StreamRange> repaired = new ArrayList<>();
    private final Map<TableId, Counted> tables = new LinkedHashMap<>();

    /** @param spans of the tables whose rows are counted span by span */
    LogTally(Map<TableId, SpanCounts> spans) {
        this(spans, id -> 0);
    }

    /**
     * @param spans of the tables whose rows are counted span by span
     * @param reach up to which position a table's commits are known
     */
    LogTally(Map<TableId, SpanCounts> spans, ToLongFunction<TableId> reach) {
        this.spans = Map.copyOf(spans);
        this.reach = reach;
    }

    /** What the log notes of a table. */
    NotedRows notes(TableId table) {
        return notes.computeIfAbsent(table, id -> new NotedRows(reach.applyAsLong(id)));
    }

    /** What the log holds of one table. */
    static final class Counted {
        private LoggedTable table;
        private long entries;
        private long rows;
        private long sizeBytes;
        private long lastPosition;

        private Counted(LoggedTable table) {
            this.table = table;
        }

        private void add(LoggedTable as, ScannedEntry entry) {
            table = as; // the newest name wins
            entries++;
            rows += entry.rowCount();
            sizeBytes += entry.sizeBytes();
            lastPosition = Math.max(lastPosition, entry.position());
        }

        /** The highest position of its entries. */
        long lastPosition() {
            return lastPosition;
        }

        LoggedTable table() {
            return table;
        }

        long entries() {
            return entries;
        }

        long rows() {
            return rows;
        }

        long sizeBytes() {
            return sizeBytes;
        }
    }

    @Override
    public boolean entry(ScannedEntry entry) {
        if (entry.kind() == EntryKind.ROWS && entry.table().isPresent()) {
            LoggedTable table = entry.table().get();
            tables.computeIfAbsent(table.id(), id -> new Counted(table)).add(table, entry);
            SpanCounts counts = spans.get(table.id());
            if (counts != null) {
                counts.add(entry.position(), entry.rowCount());
            }
        }
        if (entry.kind() == EntryKind.ABSENT && !entry.isParked()) {
            addRepaired(new StreamRange(entry.position(), entry.position() + entry.rowCount()));
        }
        if (entry.note().isPresent()) {
            Note note = entry.note().get();
            notes(note.table().id()).add(note);
        }
        return true;
    }

    private void addRepaired(StreamRange gone) {
        StreamRange last = repaired.isEmpty() ? gone : repaired.get(repaired.size() - 1);
        if (last.to() == gone.from()) {
            repaired.set(repaired.size() - 1, new StreamRange(last.from(), gone.to()));
        } else {
            repaired.add(gone);
        }
    }

    /** Positions of the segments that a repair left out, in order. */
    List<StreamRange> repaired() {
        return repaired;
    }

    @Override
    public void trimmed() {
        tables.clear();
        repaired.clear();
        notes.clear();
        spans.values().forEach(SpanCounts::clear);
    }

    Collection<Counted> tables() {
        return tables.values();
    }
}
