package io.headgate.delta.batch;

import io.delta.kernel.types.DataType;
import java.util.Arrays;
import java.util.function.ToLongFunction;
import org.apache.parquet.column.ColumnReader;

/** LONG, and TIMESTAMP and TIMESTAMP_NTZ in microseconds. */
final class LongValues extends LeafValues {
    private final ToLongFunction<ColumnReader> source;
    private long[] values = new long[INITIAL_CAPACITY];

    LongValues(DataType type, ToLongFunction<ColumnReader> source) {
        super(type);
        this.source = source;
    }

    @Override
    long add(ColumnReader from) {
        int row = next();
        values[row] = source.applyAsLong(from);
        return Long.BYTES;
    }

    @Override
    void grow(int capacity) {
        values = Arrays.copyOf(values, capacity);
    }

    @Override
    public long getLong(int row) {
        return values[row];
    }
}
