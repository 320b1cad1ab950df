package io.headgate.gateway.verify;

import io.headgate.wal.Note;

/**
 * What a log notes of one table: how far it has its rows, and how many those were, at two positions; and what of them was
 * abandoned. One thread.
 */
final class NotedRows {
    private final long reach;
    private long lowTo;
    private long lowRows;
    private long highTo;
    private long highRows;
    private long abandonedTo;
    private String where = "";

    /** @param reach up to which position the table's commits are known: notes beyond are of later ones */
    NotedRows(long reach) {
        this.reach = reach;
    }

    void add(Note note) {
        if (note.isCommitted() && note.committedTo() <= reach) {
            if (lowTo == 0 || note.committedTo() < lowTo) {
                lowTo = note.committedTo();
                lowRows = note.rows();
            }
            if (note.committedTo() > highTo) {
                highTo = note.committedTo();
                highRows = note.rows();
            }
        }
        if (note.abandonedTo() > abandonedTo) {
            abandonedTo = note.abandonedTo();
            where = note.where();
        }
    }

    /** The lowest position noted; 0 if there is none. */
    long lowTo() {
        return lowTo;
    }

    /** Rows that the log held below it, since it began. */
    long lowRows() {
        return lowRows;
    }

    /** The highest position noted; 0 if there is none. */
    long highTo() {
        return highTo;
    }

    long highRows() {
        return highRows;
    }

    /** Below this nothing waits any more; 0 if nothing was abandoned. */
    long abandonedTo() {
        return abandonedTo;
    }

    /** Where what was abandoned was exported to. */
    String where() {
        return where;
    }
}
