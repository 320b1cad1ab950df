package io.headgate.schema;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Steps through the rows of a payload and reads them where they lie; see {@link RowLayout}. One reader serves any number
 * of payloads of its layout; one thread at a time.
 *
 * <p>The typed accessors read the slot of the current row as that type: which one fits a column is the caller's to know.
 * The slot of a null column reads as zero. Nothing outside the current row is ever read: a damaged payload ends in
 * {@link CorruptRowException}.
 */
public final class RowReader {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final RowLayout layout;
    private ByteBuffer buffer = NOTHING;
    private int row;
    private int rowEnd;

    /** @param layout what the rows were written with */
    public RowReader(RowLayout layout) {
        this.layout = layout;
    }

    /** Goes before the first row of {@code payload}, position to limit. Its position stays as it is. */
    public RowReader wrap(ByteBuffer payload) {
        buffer = payload.slice().order(ByteOrder.LITTLE_ENDIAN);
        row = 0;
        rowEnd = 0;
        return this;
    }

    /**
     * Goes to the next row.
     *
     * @return false if there is none
     * @throws CorruptRowException if what follows is not a row
     */
    public boolean next() {
        int remaining = buffer.limit() - rowEnd;
        if (remaining == 0) {
            return false;
        }
        row = rowEnd;
        int length = remaining < RowLayout.LENGTH_BYTES ? -1 : buffer.getInt(row);
        if (length < layout.fixedBytes() || length > remaining) {
            throw new CorruptRowException("Row at byte " + row + " claims " + length + " bytes: not between the "
                    + layout.fixedBytes() + " of its fixed part and the " + remaining + " left in the payload");
        }
        rowEnd = row + length;
        return true;
    }

    /** Whether the column is null in the current row. */
    public boolean isNull(int column) {
        return (buffer.get(row + RowLayout.nullByteOffset(column)) & RowLayout.nullMask(column)) != 0;
    }

    public boolean booleanAt(int column) {
        return byteAt(column) != 0;
    }

    public byte byteAt(int column) {
        return buffer.get(slot(column));
    }

    public short shortAt(int column) {
        return buffer.getShort(slot(column));
    }

    public int intAt(int column) {
        return buffer.getInt(slot(column));
    }

    public long longAt(int column) {
        return buffer.getLong(slot(column));
    }

    public float floatAt(int column) {
        return buffer.getFloat(slot(column));
    }

    public double doubleAt(int column) {
        return buffer.getDouble(slot(column));
    }

    /** The payload that {@link #stringOffset} counts in. Its position and limit are the reader's: leave them. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /**
     * Where in {@link #buffer} the column's UTF-8 bytes begin; {@link #stringLength} of them.
     *
     * @throws CorruptRowException if they do not lie in the row's variable area
     */
    public int stringOffset(int column) {
        int offset = buffer.getInt(slot(column));
        int length = stringLength(column);
        if (length == 0) {
            return row + layout.fixedBytes();
        }
        if (length < 0 || offset < layout.fixedBytes() || offset > rowEnd - row - length) {
            throw new CorruptRowException("Column " + column + " of the row at byte " + row + " claims " + length
                    + " bytes at " + offset + ": not within the row's variable area, " + layout.fixedBytes() + " to "
                    + (rowEnd - row));
        }
        return row + offset;
    }

    /** How many bytes the column's UTF-8 has. Checked by {@link #stringOffset}, which is to be called first. */
    public int stringLength(int column) {
        return buffer.getInt(slot(column) + 4);
    }

    /** The column's UTF-8 bytes, as a view. */
    public ByteBuffer stringAt(int column) {
        int offset = stringOffset(column);
        return buffer.slice(offset, stringLength(column));
    }

    private int slot(int column) {
        return row + layout.slotOffset(column);
    }
}
