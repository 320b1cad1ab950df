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
 *  null bits  column i is bit i % 8 (bit 0 = 1, bit 7 = 128) of byte i / 8; 1 = null. Bits beyond n are 0
 *  slots      in the order of the columns, packed; the slot of a null column is all zero
 *     BOOLEAN                   1 byte, 0 or 1
 *     BYTE, SHORT, INTEGER,     1, 2, 4, 8 bytes, two's complement
 *       LONG
 *     FLOAT, DOUBLE             4, 8 bytes, IEEE 754
 *     DATE                      4 bytes, days since 1970-01-01
 *     TIMESTAMP, TIMESTAMP_NTZ  8 bytes, microseconds since 1970-01-01T00:00:00
 *     STRING                    u32 offset from the start of the row, u32 length in bytes: UTF-8 in the variable area
 *  variable   the strings' bytes, in any order; only slots say what is where
 * </pre>
 *
 * <p>Room for the types to come, so that rows of today stay as they are: BINARY as STRING; DECIMAL as a slot of 8 bytes
 * up to 18 digits and 16 bytes beyond (unscaled, two's complement); STRUCT, ARRAY and MAP as an (offset, length) slot
 * like STRING that points at a block of null bits and slots in the variable area (ARRAY and MAP with a u32 count before
 * them), whose own offsets again count from the start of the row.
 */
public final class RowLayout {
    static final int LENGTH_BYTES = 4;

    private final List<Column> columns;
    private final int[] slotOffsets;
    private final int fixedBytes;

    private RowLayout(List<Column> columns) {
        this.columns = columns;
        slotOffsets = new int[columns.size()];
        int offset = LENGTH_BYTES + nullBytes();
        for (int i = 0; i < slotOffsets.length; i++) {
            slotOffsets[i] = offset;
            offset += columns.get(i).type().slotBytes();
        }
        fixedBytes = offset;
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

    int slotOffset(int column) {
        return slotOffsets[column];
    }

    int nullBytes() {
        return (columns.size() + 7) / 8;
    }

    static int nullByteOffset(int column) {
        return LENGTH_BYTES + (column >> 3);
    }

    static int nullMask(int column) {
        return 1 << (column & 7);
    }
}
