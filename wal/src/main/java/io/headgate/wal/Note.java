package io.headgate.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.headgate.batching.LoggedTable;

/**
 * What the log remembers of a table whatever becomes of its entries.
 *
 * @param table the table
 * @param committedTo it has all its rows below this position; 0 if that is not known
 * @param rows rows that its entries below that position held, since the log began
 * @param abandonedTo an operator gave up its rows below this position; 0 if nobody did
 * @param where to what place those were exported; empty if nobody did
 */
public record Note(LoggedTable table, long committedTo, long rows, long abandonedTo, String where) {
    static Note committed(LoggedTable table, long position, long rows) {
        return new Note(table, position, rows, 0, "");
    }

    static Note abandoned(LoggedTable table, long position, String where) {
        return new Note(table, 0, 0, position, where);
    }

    /** This, and what an earlier note of the same table knew beyond it. */
    Note after(Note earlier) {
        Note committed = committedTo >= earlier.committedTo ? this : earlier;
        Note abandoned = abandonedTo >= earlier.abandonedTo ? this : earlier;
        return new Note(table, committed.committedTo, committed.rows, abandoned.abandonedTo, abandoned.where);
    }

    /** Whether it says how far the table has its rows. */
    public boolean isCommitted() {
        return committedTo > 0;
    }

    /** Whether it says what was given up. */
    public boolean isAbandoned() {
        return abandonedTo > 0;
    }

    byte[] whereBytes() {
        return where.getBytes(UTF_8);
    }

    /** Bytes of its entries, and of the table's declaration. */
    int bytes() {
        int bytes = Declarations.tableBytes(table);
        if (isCommitted()) {
            bytes += LogFormat.ENTRY_HEADER_BYTES + LogFormat.COMMITTED_BYTES;
        }
        if (isAbandoned()) {
            bytes += LogFormat.ENTRY_HEADER_BYTES + Long.BYTES + whereBytes().length;
        }
        return bytes;
    }

    long bytesAlone() {
        return GroupBuilder.bytesAlone(bytes());
    }
}
