package io.headgate.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads values that lie side by side, by their index: a row's columns, a struct's fields, an item of an array (value 0) or
 * of a map (key 0, value 1); see {@link RowLayout}. Nothing is copied or allocated: for each nested value of the type
 * there is one reader, made once, that moves. So what {@link #structAt} and {@link #itemsAt} give is valid until they are
 * asked for that value again, or until this reader moves itself. One thread at a time.
 *
 * <p>The typed accessors read the slot as that type: which one fits is the caller's to know. The slot of a null reads as
 * zero. Nothing outside the current row is ever read: a damaged payload ends in {@link CorruptRowException}, or in
 * another value.
 */
public sealed class ValueReader permits RowReader, ItemReader {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final TupleLayout layout;
    private final int fixedBytes;
    private final @Nullable ValueReader[] inner;
    private ByteBuffer buffer = NOTHING;
    private int row;
    private int rowEnd;
    private int nulls;
    private int firstBit;
    private int slots;

    /** @param fixedBytes of the row, before its variable area */
    ValueReader(TupleLayout layout, int fixedBytes) {
        this.layout = layout;
        this.fixedBytes = fixedBytes;
        inner = new ValueReader[layout.size()];
        for (int i = 0; i < inner.length; i++) {
            TupleLayout within = layout.inner(i);
            if (within != null) {
                inner[i] = layout.type(i) instanceof ColumnType.Struct
                        ? new ValueReader(within, fixedBytes)
                        : new ItemReader(within, fixedBytes);
            }
        }
    }

    /** Goes to a row, which is to have its fixed bytes before it is read. */
    final void moveToRow(ByteBuffer payload, int start, int end) {
        buffer = payload;
        row = start;
        rowEnd = end;
        moveTo(start + RowLayout.LENGTH_BYTES, 0, start + RowLayout.LENGTH_BYTES + layout.nullBytes());
    }

    final void moveInto(ValueReader outer) {
        buffer = outer.buffer;
        row = outer.row;
        rowEnd = outer.rowEnd;
    }

    final void moveTo(int nullsAt, int bit, int slotsAt) {
        nulls = nullsAt;
        firstBit = bit;
        slots = slotsAt;
    }

    final TupleLayout layout() {
        return layout;
    }

    /** Whether the value is null. */
    public final boolean isNull(int i) {
        int bit = firstBit + i;
        return (buffer.get(nulls + (bit >> 3)) & (1 << (bit & 7))) != 0;
    }

    public final boolean booleanAt(int i) {
        return byteAt(i) != 0;
    }

    public final byte byteAt(int i) {
        return buffer.get(slot(i));
    }

    public final short shortAt(int i) {
        return buffer.getShort(slot(i));
    }

    public final int intAt(int i) {
        return buffer.getInt(slot(i));
    }

    public final long longAt(int i) {
        return buffer.getLong(slot(i));
    }

    public final float floatAt(int i) {
        return buffer.getFloat(slot(i));
    }

    public final double doubleAt(int i) {
        return buffer.getDouble(slot(i));
    }

    /** The lower 64 bits of a DECIMAL's units of its last digit; all of them where its precision {@code fitsLong}. */
    public final long decimalLow(int i) {
        return longAt(i);
    }

    /** The upper 64 bits of a DECIMAL's units of its last digit. */
    public final long decimalHigh(int i) {
        return layout.slotWidth(i) == Long.BYTES ? longAt(i) >> (Long.SIZE - 1) : buffer.getLong(slot(i) + Long.BYTES);
    }

    /** A DECIMAL, newly made. */
    public final BigDecimal decimalAt(int i) {
        byte[] units = ByteBuffer.allocate(2 * Long.BYTES)
                .order(ByteOrder.BIG_ENDIAN)
                .putLong(decimalHigh(i))
                .putLong(decimalLow(i))
                .array();
        return new BigDecimal(new BigInteger(units), ((ColumnType.Decimal) layout.type(i)).scale());
    }

    /** The payload that {@link #stringOffset} counts in. Its position and limit are the reader's: leave them. */
    public final ByteBuffer buffer() {
        return buffer;
    }

    /**
     * Where in {@link #buffer} the value's UTF-8 begins, or a BINARY's bytes; {@link #stringLength} of them.
     *
     * @throws CorruptRowException if they do not lie in the row's variable area
     */
    public final int stringOffset(int i) {
        int offset = buffer.getInt(slot(i));
        int length = stringLength(i);
        if (length == 0) {
            return row + fixedBytes;
        }
        if (length < 0 || offset < fixedBytes || offset > rowEnd - row - length) {
            throw new CorruptRowException("A " + layout.type(i).kind() + " of the row at byte " + row + " claims "
                    + length + " bytes at " + offset + ": not within the row's variable area, " + fixedBytes + " to "
                    + (rowEnd - row));
        }
        return row + offset;
    }

    /** How many bytes the value has. Checked by {@link #stringOffset}, which is to be called first. */
    public final int stringLength(int i) {
        return buffer.getInt(slot(i) + 4);
    }

    /** The value's UTF-8, or a BINARY's bytes, as a view. */
    public final ByteBuffer stringAt(int i) {
        int offset = stringOffset(i);
        return buffer.slice(offset, stringLength(i));
    }

    /**
     * The fields of a STRUCT that is not null.
     *
     * @throws CorruptRowException if they do not lie in the row's variable area
     */
    public final ValueReader structAt(int i) {
        ValueReader struct = inner[i];
        if (struct == null || struct instanceof ItemReader) {
            throw new IllegalArgumentException(layout.type(i).sqlName() + " is no STRUCT");
        }
        int start = stringOffset(i);
        requireLength(i, struct.layout.structBytes());
        struct.moveInto(this);
        struct.moveTo(start, 0, start + struct.layout.nullBytes());
        return struct;
    }

    /**
     * The items of an ARRAY or a MAP that is not null.
     *
     * @throws CorruptRowException if they do not lie in the row's variable area
     */
    public final ItemReader itemsAt(int i) {
        if (!(inner[i] instanceof ItemReader items)) {
            throw new IllegalArgumentException(layout.type(i).sqlName() + " is neither ARRAY nor MAP");
        }
        int start = stringOffset(i);
        int count = stringLength(i) < TupleLayout.COUNT_BYTES ? -1 : buffer.getInt(start);
        requireLength(i, count < 0 ? -1 : items.layout().itemsBytes(count));
        items.moveInto(this);
        items.moveBefore(start + TupleLayout.COUNT_BYTES, count);
        return items;
    }

    private void requireLength(int i, long expected) {
        if (stringLength(i) != expected) {
            throw new CorruptRowException("A " + layout.type(i).kind() + " of the row at byte " + row + " claims "
                    + stringLength(i) + " bytes, which are no block of its type");
        }
    }

    private int slot(int i) {
        return slots + layout.slotOffset(i);
    }
}
