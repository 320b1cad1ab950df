package io.headgate.gateway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedTable;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import io.headgate.schema.CorruptRowException;
import io.headgate.wal.EntryKind;
import io.headgate.wal.LogVisitor;
import io.headgate.wal.Note;
import io.headgate.wal.ScannedEntry;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prints entries as they come, one JSON object a line; what is in rows only if asked for. */
final class LogDump implements LogVisitor {
    private final long from;
    private final long to;
    private final @Nullable TableName table;
    private final boolean withRows;
    private final Appendable out;
    private long left;
    private final EntryRows reader = new EntryRows();

    /**
     * @param from the first position to print
     * @param to one past the last
     * @param table the only table to print entries of, if any
     * @param limit the most entries to print
     * @param withRows whether to print what is in rows
     */
    LogDump(long from, long to, @Nullable TableName table, long limit, boolean withRows, Appendable out) {
        this.from = from;
        this.to = to;
        this.table = table;
        this.left = limit;
        this.withRows = withRows;
        this.out = out;
    }

    @Override
    public boolean entry(ScannedEntry entry) throws IOException {
        if (left <= 0 || (entry.position() >= to && !entry.isParked())) {
            return false;
        }
        if (entry.position() >= from && entry.position() < to && isWanted(entry)) {
            out.append(JsonLines.line(json -> write(entry, json))).append('\n');
            left--;
        }
        return left > 0;
    }

    private boolean isWanted(ScannedEntry entry) {
        return table == null
                || entry.table().filter(found -> found.name().equals(table)).isPresent();
    }

    private void write(ScannedEntry entry, JsonGenerator json) throws IOException {
        json.writeNumberField("position", entry.position());
        json.writeStringField("kind", entry.kind().name().toLowerCase(Locale.ROOT));
        Optional<LoggedTable> of = entry.table();
        if (of.isPresent()) {
            json.writeStringField("table", of.get().name().toString());
            json.writeStringField("table_id", of.get().id().value());
        }
        if (entry.kind() == EntryKind.ROWS || entry.kind() == EntryKind.SCHEMA) {
            json.writeNumberField("schema", entry.schemaId());
        }
        if (entry.kind() == EntryKind.ROWS) {
            json.writeNumberField("rows", entry.rowCount());
        }
        if (entry.kind() == EntryKind.ABSENT) {
            json.writeNumberField("positions", entry.rowCount());
        }
        if (entry.note().isPresent()) {
            writeNote(entry.note().get(), json);
        }
        json.writeNumberField("bytes", entry.sizeBytes());
        json.writeStringField("segment", entry.segment());
        json.writeNumberField("offset", entry.offset());
        if (entry.rows().isPresent()) {
            writeReceived(entry.rows().get(), json);
        }
    }

    private static void writeNote(Note note, JsonGenerator json) throws IOException {
        if (note.isCommitted()) {
            json.writeNumberField("below", note.committedTo());
            json.writeNumberField("rows", note.rows());
        }
        if (note.isAbandoned()) {
            json.writeNumberField("below", note.abandonedTo());
            json.writeStringField("where", note.where());
        }
    }

    private void writeReceived(LogEntry rows, JsonGenerator json) throws IOException {
        json.writeStringField(
                "received", Instant.ofEpochMilli(rows.receiveTimeMillis()).toString());
        if (withRows) {
            json.writeFieldName("data");
            try {
                json.writeRawValue(
                        JsonLines.value(array -> reader.of(rows.schema()).write(rows.payload(), array)));
            } catch (CorruptRowException | RefusedException | IllegalArgumentException e) {
                json.writeNull();
                json.writeStringField("problem", "the rows cannot be read by their schema: " + e.getMessage());
            }
        }
    }
}
