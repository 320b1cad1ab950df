package io.headgate.schema;

import java.util.Objects;

/** Reads an array's elements, each as value 0, or a map's entries, with their key as value 0 and their value as value 1. */
public final class ItemReader extends ValueReader {
    /** Before an item was gone to: not an index, nor near to one. */
    private static final int NOWHERE = Integer.MIN_VALUE / 2;

    private int itemNulls;
    private int itemSlots;
    private int count;

    ItemReader(TupleLayout layout, int fixedBytes) {
        super(layout, fixedBytes);
    }

    void moveBefore(int nulls, int items) {
        itemNulls = nulls;
        itemSlots = nulls + (int) layout().itemNullBytes(items);
        count = items;
        moveTo(NOWHERE, 0, NOWHERE);
    }

    /** How many items there are. */
    public int count() {
        return count;
    }

    /**
     * Goes to an item, in any order.
     *
     * @param index 0 to {@link #count} - 1
     * @return this
     */
    public ItemReader at(int index) {
        Objects.checkIndex(index, count);
        moveTo(itemNulls, index * layout().size(), itemSlots + index * layout().slotBytes());
        return this;
    }
}
