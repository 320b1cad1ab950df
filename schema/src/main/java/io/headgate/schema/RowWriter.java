package io.headgate.schema;

import io.headgate.model.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Builds a payload row by row in one buffer that grows within a limit and a reservation; see {@link RowLayout}. For one
 * payload and one thread. A column that is not put is null.
 */
public final class RowWriter {
    private static final int RETRY_AFTER_SECONDS = 1;

    private final RowLayout layout;
    private final int maxBytes;
    private final ByteReservation reservation;
    private ByteBuffer buffer;
    private int row;
    private int end;

    /**
     * @param layout what to write
     * @param initialBytes what to reserve at first; more comes as needed
     * @param maxBytes the most that the payload may have, reached included
     * @param reservation asked before each growth
     */
    public RowWriter(RowLayout layout, int initialBytes, int maxBytes, ByteReservation reservation) {
        this.layout = layout;
        this.maxBytes = maxBytes;
        this.reservation = reservation;
        buffer = ByteBuffer.allocate(0);
        if (initialBytes > 0) {
            resize(Math.min(initialBytes, maxBytes));
        }
    }

    /**
     * Begins a row of nulls.
     *
     * @throws io.headgate.model.RefusedException TOO_LARGE or UNAVAILABLE if it does not fit the limit or the
     *     reservation; as does every put of a string
     */
    public void beginRow() {
        row = end;
        take(layout.fixedBytes());
        int columns = layout.columns().size();
        int nulls = row + RowLayout.LENGTH_BYTES;
        Arrays.fill(buffer.array(), nulls, nulls + layout.nullBytes(), (byte) 0xFF);
        if ((columns & 7) != 0) {
            buffer.put(nulls + layout.nullBytes() - 1, (byte) ((1 << (columns & 7)) - 1));
        }
    }

    /** Completes the row. */
    public void endRow() {
        buffer.putInt(row, end - row);
    }

    public void putBoolean(int column, boolean value) {
        putByte(column, (byte) (value ? 1 : 0));
    }

    public void putByte(int column, byte value) {
        buffer.put(slot(column, 1), value);
    }

    public void putShort(int column, short value) {
        buffer.putShort(slot(column, 2), value);
    }

    public void putInt(int column, int value) {
        buffer.putInt(slot(column, 4), value);
    }

    public void putLong(int column, long value) {
        buffer.putLong(slot(column, 8), value);
    }

    public void putFloat(int column, float value) {
        buffer.putFloat(slot(column, 4), value);
    }

    public void putDouble(int column, double value) {
        buffer.putDouble(slot(column, 8), value);
    }

    /** Puts UTF-8 bytes, which are taken as they are. */
    public void putString(int column, byte[] utf8) {
        int start = take(utf8.length);
        System.arraycopy(utf8, 0, buffer.array(), start, utf8.length);
        point(column, start, utf8.length);
    }

    /**
     * Puts text.
     *
     * @return false if the text holds half of a surrogate pair, which has no UTF-8; the row is of no use then
     */
    public boolean putString(int column, char[] text, int offset, int length) {
        int bytes = Utf8.length(text, offset, length);
        if (bytes < 0) {
            return false;
        }
        int start = take(bytes);
        Utf8.encode(text, offset, length, buffer.array(), start);
        point(column, start, bytes);
        return true;
    }

    /** Whether the column was not put in this row. */
    boolean isNull(int column) {
        return (buffer.get(row + RowLayout.nullByteOffset(column)) & RowLayout.nullMask(column)) != 0;
    }

    /** The rows so far, from position to limit. */
    public ByteBuffer payload() {
        return buffer.slice(0, end);
    }

    /** Where the column's value goes; the column is not null from here on. */
    private int slot(int column, int bytes) {
        if (layout.columns().get(column).type().slotBytes() != bytes) {
            throw new IllegalArgumentException(
                    "Column " + layout.columns().get(column) + " does not take a value of " + bytes + " bytes");
        }
        int nulls = row + RowLayout.nullByteOffset(column);
        buffer.put(nulls, (byte) (buffer.get(nulls) & ~RowLayout.nullMask(column)));
        return row + layout.slotOffset(column);
    }

    private void point(int column, int start, int length) {
        int slot = slot(column, 8);
        buffer.putInt(slot, start - row);
        buffer.putInt(slot + 4, length);
    }

    /** Appends {@code bytes} zeros and says where. */
    private int take(int bytes) {
        int start = end;
        long needed = (long) end + bytes;
        if (needed > buffer.capacity()) {
            grow(needed);
        }
        end = (int) needed;
        return start;
    }

    private void grow(long needed) {
        if (needed > maxBytes) {
            throw Refusal.of(
                            Refusal.Code.TOO_LARGE,
                            "The records take more than " + maxBytes
                                    + " bytes as typed rows, the limit for one request: send fewer records at a time.")
                    .asException();
        }
        resize((int) Math.min(maxBytes, Math.max(needed, 2L * buffer.capacity())));
    }

    private void resize(int capacity) {
        if (!reservation.grow(capacity - buffer.capacity())) {
            throw Refusal.unavailable(
                            "The gateway holds as many bytes of unfinished requests as it may: try again shortly.",
                            RETRY_AFTER_SECONDS)
                    .asException();
        }
        byte[] larger = Arrays.copyOf(buffer.array(), capacity);
        buffer = ByteBuffer.wrap(larger).order(ByteOrder.LITTLE_ENDIAN);
    }
}
