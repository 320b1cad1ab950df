package io.headgate.delta.batch;

import io.delta.kernel.types.DataType;
import java.util.Arrays;
import java.util.function.ToIntFunction;
import org.apache.parquet.column.ColumnReader;

/** BOOLEAN (as 0 and 1), BYTE, SHORT, INTEGER and DATE. */
final class IntValues extends LeafValues {
    private final ToIntFunction<ColumnReader> source;
    private int[] values = new int[INITIAL_CAPACITY];

    IntValues(DataType type, ToIntFunction<ColumnReader> source) {
        super(type);
        this.source = source;
    }

    @Override
    long add(ColumnReader from) {
        int row = next();
        values[row] = source.applyAsInt(from);
        return Integer.BYTES;
    }

    @Override
    void grow(int capacity) {
        values = Arrays.copyOf(values, capacity);
    }

    @Override
    public boolean getBoolean(int row) {
        return values[row] != 0;
    }

    @Override
    public byte getByte(int row) {
        return (byte) values[row];
    }

    @Override
    public short getShort(int row) {
        return (short) values[row];
    }

    @Override
    public int getInt(int row) {
        return values[row];
    }
}
