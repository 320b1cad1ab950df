package io.headgate.delta.batch;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.LongType;
import org.jspecify.annotations.Nullable;

/** Reads the number of each row in its file, from 0, by which a deletion vector names rows. */
final class RowIndexReader implements FieldReader {
    private long first;
    private int count;

    @Override
    public long append() {
        count++;
        return 0;
    }

    @Override
    public void pass() {}

    @Override
    public ColumnVector take() {
        RowIndexes taken = new RowIndexes(first, count);
        first += count;
        count = 0;
        return taken;
    }

    @Override
    public @Nullable ColumnCursor guide() {
        return null;
    }

    private record RowIndexes(long first, int size) implements ColumnVector {
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
}
