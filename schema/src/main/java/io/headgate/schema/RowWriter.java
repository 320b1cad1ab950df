package io.headgate.schema;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Builds a payload row by row in memory that grows within a limit and a reservation; see {@link RowLayout}. For one
 * payload and one thread.
 *
 * <p>Values are put by their index in what was begun last: a row's columns, a struct's fields; the element of an array is
 * value 0, the key of a map is value 0 and its value is value 1. What is not put is null.
 *
 * <pre>
 *   beginRow();
 *   putInt(0, 7);
 *   beginStruct(1); putLong(0, 1); endStruct();
 *   beginItems(2);                                           // ARRAY
 *   nextItem(); putString(0, a); nextItem(); endItems();     // a, NULL
 *   beginItems(3);                                           // MAP
 *   nextItem(); putString(0, key); putInt(1, value); endItems();
 *   endRow();
 * </pre>
 *
 * <p>How many items an array has shows at its end alone, and its null bits and slots come before what they point to could
 * be known to. So bytes and structs go to the payload as they come, and the null bits and slots of items are gathered
 * apart, in groups of eight: the null bytes of eight items, their slots. At the end they are copied behind what they point
 * to. Items within items are gathered on top of those around them. What is gathered never takes more than the block that
 * it becomes, so the limit holds for it without refusing a row that would fit.
 */
public final class RowWriter {
    private static final VarHandle SHORTS = littleEndian(short[].class);
    private static final VarHandle INTS = littleEndian(int[].class);
    private static final VarHandle LONGS = littleEndian(long[].class);

    private static final int GROUP_ITEMS = 8;

    /** What is gathered of most requests. */
    private static final int GATHERED_BYTES = 256;

    /** Before the first item: not an index, nor near to one. */
    private static final int NOWHERE = Integer.MIN_VALUE / 2;

    private final RowLayout layout;
    private final int maxBytes;
    private final GrowingBytes payload;
    private final GrowingBytes gathered;
    private final Frame rowFrame;
    private Frame frame;
    /** The frame's. */
    private TupleLayout tuple;
    /** Where the frame's null bits and slots are. */
    private byte[] target;

    /** Where the row begins that was begun; the end if none was. */
    private int row;

    /** Where what is being filled has its null bits, which bit is the first value's, and where its slots are. */
    private int nulls;

    private int firstBit;
    private int slots;

    private static VarHandle littleEndian(Class<?> numbers) {
        return MethodHandles.byteArrayViewVarHandle(numbers, ByteOrder.LITTLE_ENDIAN);
    }

    /** A row, a struct or an item that was begun. */
    private static final class Frame {
        final @Nullable Frame outer;
        TupleLayout layout;
        /** Kept to be used again. */
        @Nullable
        Frame inner;
        /** Whether it is an item, and so gathered. */
        boolean isItem;
        /** Where it is, kept while something within it is being filled. */
        int nulls;

        int firstBit;
        int slots;
        /** Of items: which value of the outer frame they are, where they are gathered, how many were begun. */
        int index;

        int start;
        int count;

        Frame(@Nullable Frame outer, TupleLayout layout) {
            this.outer = outer;
            this.layout = layout;
        }
    }

    /**
     * @param layout what to write
     * @param initialBytes what to reserve at first; more comes as needed
     * @param maxBytes the most that the payload may have, reached included
     * @param reservation asked before each growth
     */
    public RowWriter(RowLayout layout, int initialBytes, int maxBytes, ByteReservation reservation) {
        this.layout = layout;
        this.maxBytes = maxBytes;
        payload = new GrowingBytes(maxBytes, reservation);
        gathered = new GrowingBytes(maxBytes, reservation);
        rowFrame = new Frame(null, layout.tuple());
        frame = rowFrame;
        tuple = rowFrame.layout;
        if (initialBytes > 0) {
            payload.resize(Math.min(initialBytes, maxBytes));
        }
        target = payload.array();
    }

    /**
     * Begins a row of nulls.
     *
     * @throws io.headgate.model.RefusedException TOO_LARGE or UNAVAILABLE if it does not fit the limit or the
     *     reservation; as does every put of a string, and every begin, next and end
     */
    public void beginRow() {
        row = take(layout.fixedBytes());
        place(row + RowLayout.LENGTH_BYTES);
    }

    /** Completes the row. */
    public void endRow() {
        require(frame == rowFrame);
        payload.buffer().putInt(row, payload.end() - row);
        row = payload.end();
    }

    /** Takes back the row that was begun and not completed, wherever it stopped; those before it stay. */
    public void abandonRow() {
        payload.giveBack(row);
        gathered.giveBack(0);
        enter(rowFrame);
        aim();
    }

    /** Begins a STRUCT of nulls. */
    public void beginStruct(int i) {
        TupleLayout struct = inner(i, true);
        int start = take(struct.structBytes());
        point(i, start, struct.structBytes());
        push(struct, false);
        place(start);
    }

    /** Completes the STRUCT. */
    public void endStruct() {
        require(!frame.isItem);
        pop();
    }

    /** Begins an ARRAY or a MAP, which is empty. */
    public void beginItems(int i) {
        TupleLayout items = inner(i, false);
        Frame at = push(items, true);
        if (gathered.array().length == 0) {
            gathered.resize(Math.min(GATHERED_BYTES, maxBytes));
        }
        at.index = i;
        at.start = gathered.end();
        at.count = 0;
        nulls = NOWHERE;
    }

    /** Begins the next element, which is null, or the next entry, whose key is to be put. */
    public void nextItem() {
        Frame at = frame;
        require(at.isItem);
        int size = at.layout.size();
        if ((at.count & (GROUP_ITEMS - 1)) == 0) {
            nulls = gathered.take(size);
            Arrays.fill(gathered.array(), nulls, nulls + size, (byte) 0xFF);
            firstBit = 0;
        } else {
            firstBit += size;
        }
        slots = gathered.take(at.layout.slotBytes());
        at.count++;
        aim();
    }

    /** Completes the ARRAY or MAP. */
    public void endItems() {
        Frame at = frame;
        require(at.isItem);
        int start = take(at.layout.itemsBytes(at.count));
        payload.buffer().putInt(start, at.count);
        copyItems(at, start + TupleLayout.COUNT_BYTES);
        gathered.giveBack(at.start);
        pop();
        point(at.index, start, payload.end() - start);
    }

    private void copyItems(Frame at, int nulls) {
        int size = at.layout.size();
        int slotBytes = at.layout.slotBytes();
        int from = at.start;
        int toNulls = nulls;
        int toSlots = nulls + (int) at.layout.itemNullBytes(at.count);
        int endOfNulls = toSlots;
        for (int left = at.count; left > 0; left -= GROUP_ITEMS) {
            int items = Math.min(left, GROUP_ITEMS);
            int nullBytes = (int) at.layout.itemNullBytes(items);
            System.arraycopy(gathered.array(), from, payload.array(), toNulls, nullBytes);
            System.arraycopy(gathered.array(), from + size, payload.array(), toSlots, items * slotBytes);
            from += size + items * slotBytes;
            toNulls += nullBytes;
            toSlots += items * slotBytes;
        }
        clearBitsBeyond((int) ((long) at.count * size & 7), endOfNulls);
    }

    /** Clears the bits of the byte before {@code endOfNulls} that are no value's. */
    private void clearBitsBeyond(int values, int endOfNulls) {
        if (values != 0) {
            payload.array()[endOfNulls - 1] &= (byte) ((1 << values) - 1);
        }
    }

    public void putBoolean(int i, boolean value) {
        putByte(i, (byte) (value ? 1 : 0));
    }

    public void putByte(int i, byte value) {
        int slot = slot(i, 1);
        target[slot] = value;
    }

    public void putShort(int i, short value) {
        int slot = slot(i, 2);
        SHORTS.set(target, slot, value);
    }

    public void putInt(int i, int value) {
        int slot = slot(i, 4);
        INTS.set(target, slot, value);
    }

    public void putLong(int i, long value) {
        int slot = slot(i, 8);
        LONGS.set(target, slot, value);
    }

    public void putFloat(int i, float value) {
        putInt(i, Float.floatToRawIntBits(value));
    }

    public void putDouble(int i, double value) {
        putLong(i, Double.doubleToRawLongBits(value));
    }

    /**
     * Puts a DECIMAL of any precision, which must hold the number.
     *
     * @param high the upper 64 bits of its units of the last digit, two's complement
     * @param low the lower 64 bits
     */
    public void putDecimal(int i, long high, long low) {
        if (frame.layout.slotWidth(i) == Long.BYTES) {
            putLong(i, low);
        } else {
            int slot = slot(i, 2 * Long.BYTES);
            LONGS.set(target, slot, low);
            LONGS.set(target, slot + Long.BYTES, high);
        }
    }

    /** Puts bytes: a BINARY's, or UTF-8, which is taken as it is. */
    public void putBytes(int i, byte[] bytes, int offset, int length) {
        int start = putBytes(i, length);
        System.arraycopy(bytes, offset, payload.array(), start, length);
    }

    /**
     * Puts bytes that are to be filled in, before anything else is put.
     *
     * @return where in {@link #payloadBytes} they begin
     */
    int putBytes(int i, int length) {
        int start = take(length);
        point(i, start, length);
        return start;
    }

    /** What {@link #putBytes(int, int)} counts in. */
    byte[] payloadBytes() {
        return payload.array();
    }

    /** Puts UTF-8 bytes, which are taken as they are. */
    public void putString(int i, byte[] utf8) {
        putBytes(i, utf8, 0, utf8.length);
    }

    /** Puts bytes with spaces behind them, as CHAR has them. */
    void putPadded(int i, byte[] bytes, int offset, int length, int spaces) {
        int start = take((long) length + spaces);
        System.arraycopy(bytes, offset, payload.array(), start, length);
        Arrays.fill(payload.array(), start + length, start + length + spaces, (byte) ' ');
        point(i, start, length + spaces);
    }

    /** How many items the ARRAY or MAP has that is being filled. */
    int items() {
        return frame.count;
    }

    /** Where in {@link #keyBytes} the key begins of an entry of the MAP that is being filled. */
    int keyStart(int entry) {
        int slot = keySlot(entry);
        return keysArePointers() ? row + gathered.buffer().getInt(slot) : slot;
    }

    /** How many bytes it has. */
    int keyLength(int entry) {
        return keysArePointers() ? gathered.buffer().getInt(keySlot(entry) + 4) : frame.layout.slotWidth(0);
    }

    byte[] keyBytes() {
        return keysArePointers() ? payload.array() : gathered.array();
    }

    private boolean keysArePointers() {
        return frame.layout.isPointer(0);
    }

    private int keySlot(int entry) {
        TupleLayout layout = frame.layout;
        int inGroup = entry % GROUP_ITEMS;
        int group = frame.start + entry / GROUP_ITEMS * (layout.size() + GROUP_ITEMS * layout.slotBytes());
        return group + layout.size() + inGroup * layout.slotBytes();
    }

    /** Whether the value was not put. */
    boolean isNull(int i) {
        int bit = firstBit + i;
        return (target[nulls + (bit >> 3)] & (1 << (bit & 7))) != 0;
    }

    /** The row that was begun, as if it were complete, from position to limit; valid until the next put. */
    ByteBuffer rowSoFar() {
        require(frame == rowFrame);
        int length = payload.end() - row;
        payload.buffer().putInt(row, length);
        return payload.buffer().slice(row, length);
    }

    /** The rows so far, from position to limit. */
    public ByteBuffer payload() {
        return payload.buffer().slice(0, payload.end());
    }

    /** Where the value goes; it is not null from here on. */
    private int slot(int i, int bytes) {
        if (tuple.slotWidth(i) != bytes) {
            throw new IllegalArgumentException("A value of " + bytes + " bytes is none of type "
                    + tuple.type(i).sqlName());
        }
        int bit = firstBit + i;
        int nullByte = nulls + (bit >> 3);
        target[nullByte] &= (byte) ~(1 << (bit & 7));
        return slots + tuple.slotOffset(i);
    }

    private void point(int i, int start, int length) {
        int slot = slot(i, 8);
        INTS.set(target, slot, start - row);
        INTS.set(target, slot + Integer.BYTES, length);
    }

    /** Takes bytes of the payload. */
    private int take(long bytes) {
        int start = payload.take(bytes);
        aim();
        return start;
    }

    /** After each change of the frame, and of the buffer that it is in. */
    private void aim() {
        byte[] array = frame.isItem ? gathered.array() : payload.array();
        if (target != array) { // it rarely is, and a collector has work with each reference that is set
            target = array;
        }
    }

    private void enter(Frame entered) {
        frame = entered;
        tuple = entered.layout;
    }

    private TupleLayout inner(int i, boolean asStruct) {
        TupleLayout inner = frame.layout.inner(i);
        if (inner == null || asStruct != frame.layout.type(i) instanceof ColumnType.Struct) {
            throw new IllegalArgumentException("A " + (asStruct ? "STRUCT" : "ARRAY or MAP") + " is none of type "
                    + frame.layout.type(i).sqlName());
        }
        return inner;
    }

    private Frame push(TupleLayout layout, boolean isItem) {
        Frame outer = frame;
        outer.nulls = nulls;
        outer.firstBit = firstBit;
        outer.slots = slots;
        Frame pushed = outer.inner;
        if (pushed == null) {
            pushed = new Frame(outer, layout);
            outer.inner = pushed;
        }
        pushed.layout = layout;
        pushed.isItem = isItem;
        enter(pushed);
        aim();
        return pushed;
    }

    private void pop() {
        Frame outer = frame.outer;
        if (outer == null) {
            throw misnested();
        }
        enter(outer);
        nulls = outer.nulls;
        firstBit = outer.firstBit;
        slots = outer.slots;
        aim();
    }

    /** Puts a row or struct at its place in the payload, all null. */
    private void place(int start) {
        TupleLayout tuple = frame.layout;
        int size = tuple.size();
        nulls = start;
        firstBit = 0;
        slots = start + tuple.nullBytes();
        Arrays.fill(payload.array(), start, slots, (byte) 0xFF);
        clearBitsBeyond(size & 7, slots);
    }

    private static void require(boolean met) {
        if (!met) {
            throw misnested();
        }
    }

    private static IllegalStateException misnested() {
        return new IllegalStateException("Rows, structs and items are completed in the order that they nest in");
    }
}
