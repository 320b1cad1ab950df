package io.headgate.delta.batch;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.DataType;
import java.util.Arrays;

/** What a batch has of a column, or of what is in one: first it is put together value by value, then Kernel reads it. */
abstract class Values implements ColumnVector {
    static final int INITIAL_CAPACITY = 64;

    private final DataType type;
    private boolean[] nulls = new boolean[INITIAL_CAPACITY];
    private int size;

    Values(DataType type) {
        this.type = type;
    }

    /** Makes room for one more value, which is not NULL, and says where. */
    final int next() {
        if (size == nulls.length) {
            nulls = Arrays.copyOf(nulls, 2 * size);
            grow(nulls.length);
        }
        return size++;
    }

    final void addNull() {
        int row = next();
        nulls[row] = true;
    }

    /** Makes room for so many values. */
    abstract void grow(int capacity);

    @Override
    public final DataType getDataType() {
        return type;
    }

    @Override
    public final int getSize() {
        return size;
    }

    @Override
    public final boolean isNullAt(int row) {
        return nulls[row];
    }

    /** Does nothing: values are on the heap. */
    @Override
    public final void close() {}
}
