package io.headgate.delta.batch;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.LongType;

/**
 * Numbers of rows that follow each other in a file.
 *
 * @param first the first
 * @param size how many
 */
record RowIndexes(long first, int size) implements ColumnVector {
    @Override
    public LongType getDataType() {
        return LongType.LONG;
    }

    @Override
    public int getSize() {
        return size;
    }

    @Override
    public void close() {}

    @Override
    public boolean isNullAt(int row) {
        return false;
    }

    @Override
    public long getLong(int row) {
        return first + row;
    }
}
