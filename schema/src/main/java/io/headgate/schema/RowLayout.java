package io.headgate.schema;

import java.util.List;

/**
 * The durable format of typed rows, as the log keeps them, and where each column of one table is in it.
 *
 * <ul>
 *   <li>The layout follows from the list of columns alone, which follows from the Delta schema JSON that the log keeps
 *       beside the rows. Nothing else is needed to read a row, now or after the table has changed.
 *   <li>A row says its own length, so rows are skipped without being read and a payload is its rows, back to back.
 *   <li>All numbers are little-endian and nothing is aligned: a small row stays small.
 *   <li>A row is at most 2^31 - 1 bytes long.
 *   <li>The format is fixed. New types add slots of their own kind; those listed here never change.
 * </ul>
 *
 * <pre>
 *  0          4                                                                      length
 *  +----------+-----------------+--------+--------+-- ... --+--------+---------------+
 *  | length   | null bits       | slot 0 | slot 1 |         | slot   | variable area |
 *  | u32      | ceil(n/8) bytes |        |        |         | n - 1  |               |
 *  +----------+-----------------+--------+--------+-- ... --+--------+---------------+
 *
 *  length     of the whole row, itself included
 *  null bits  value i is bit i % 8 (bit 0 = 1, bit 7 = 128) of byte i / 8; 1 = null. Bits beyond n are 0
 *  slots      in the order of the columns, packed; the slot of a null value is all zero
 *     BOOLEAN                   1 byte, 0 or 1
 *     BYTE, SHORT, INTEGER,     1, 2, 4, 8 bytes, two's complement
 *       LONG
 *     FLOAT, DOUBLE             4, 8 bytes, IEEE 754
 *     DATE                      4 bytes, days since 1970-01-01
 *     TIMESTAMP, TIMESTAMP_NTZ  8 bytes, microseconds since 1970-01-01T00:00:00
 *     DECIMAL                   8 bytes up to precision 18, else 16: units of the last digit, two's complement
 *     STRING, CHAR, VARCHAR,    u32 offset from the start of the row, u32 length in bytes: UTF-8, or the bytes of a
 *       BINARY                  BINARY, in the variable area
 *     STRUCT, ARRAY, MAP        u32 offset from the start of the row, u32 length in bytes: a block in the variable area
 *  variable   bytes and blocks, in any order; only slots say what is where
 *
 *  Blocks are made like rows, and hold the same slots, whose offsets again count from the start of the row. A block's
 *  length is that of the block itself, without what its slots point to.
 *
 *  STRUCT     null bits of its fields | slot of each field
 *  ARRAY      u32 count | null bits of its elements | slot of each element
 *  MAP        u32 count | null bits of its entries, two each: key (always 0), value | slots of each entry: key, value
 * </pre>
 *
 * <p>Null bits are there for values that may not be null too: whether they may does not change the layout. That of an
 * element or entry is found by its index alone, so nested values are read where they lie, in any order.
 */
public final class RowLayout {
    static final int LENGTH_BYTES = 4;

    private final List<Column> columns;
    private final TupleLayout tuple;
    private final int fixedBytes;

    private RowLayout(List<Column> columns) {
        this.columns = columns;
        tuple = TupleLayout.of(columns);
        fixedBytes = LENGTH_BYTES + tuple.structBytes();
    }

    /** The layout of rows with these columns. */
    public static RowLayout of(List<Column> columns) {
        return new RowLayout(List.copyOf(columns));
    }

    /** The columns, in order; the index of a column in this list is how readers and writers name it. */
    public List<Column> columns() {
        return columns;
    }

    /** Bytes from the start of a row to its variable area; the length of a row without one. */
    public int fixedBytes() {
        return fixedBytes;
    }

    TupleLayout tuple() {
        return tuple;
    }
}
