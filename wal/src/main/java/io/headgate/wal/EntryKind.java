package io.headgate.wal;

/** What an entry of the log's files is; see {@code docs/LOG-FORMAT.md}. */
public enum EntryKind {
    /** Rows of one accepted request. */
    ROWS,
    /** Declares a table. */
    TABLE,
    /** Declares a schema. */
    SCHEMA,
    /** Says how far a table had its rows. */
    COMMITTED,
    /** Says what an operator gave up. */
    ABANDONED,
    /** Stands for positions that have no entry in this file. */
    ABSENT,
    /** Written by a newer Headgate. */
    UNKNOWN;

    static EntryKind of(byte code) {
        return switch (code) {
            case LogFormat.ROWS -> ROWS;
            case LogFormat.TABLE -> TABLE;
            case LogFormat.SCHEMA -> SCHEMA;
            case LogFormat.COMMITTED -> COMMITTED;
            case LogFormat.ABANDONED -> ABANDONED;
            case LogFormat.ABSENT -> ABSENT;
            default -> UNKNOWN;
        };
    }
}
