package io.headgate.wal;

import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedTable;
import java.util.Optional;

/**
 * One entry as {@link LogScan} found it.
 *
 * @param segment the file it is in
 * @param offset where in that file
 * @param kind what it is
 * @param position its position; that of the next rows entry if it is of another kind
 * @param schemaId the number of its schema within the segment; 0 if the kind has none
 * @param rowCount rows in it, or positions that it stands for
 * @param sizeBytes all of its bytes, header and tags included
 * @param table whose it is; empty if the kind has no table, or damage hid the table's declaration
 * @param note what it says of its table, of kind committed or abandoned; empty if damage hid the table's declaration
 * @param rows what its reader gets, of kind rows; empty if damage hid the schema's declaration. Valid during the visit
 */
public record ScannedEntry(
        String segment,
        int offset,
        EntryKind kind,
        long position,
        int schemaId,
        int rowCount,
        int sizeBytes,
        Optional<LoggedTable> table,
        Optional<Note> note,
        Optional<LogEntry> rows) {
    /** Whether it lies in a parked file. */
    public boolean isParked() {
        return LogFormat.isParked(segment);
    }
}
