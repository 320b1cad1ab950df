package io.headgate.delta.batch;

import io.delta.kernel.types.DataType;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.apache.parquet.column.ColumnReader;

/** FLOAT, each of which is a double too, and DOUBLE. */
final class DoubleValues extends LeafValues {
    private final ToDoubleFunction<ColumnReader> source;
    private double[] values = new double[INITIAL_CAPACITY];

    DoubleValues(DataType type, ToDoubleFunction<ColumnReader> source) {
        super(type);
        this.source = source;
    }

    @Override
    long add(ColumnReader from) {
        int row = next();
        values[row] = source.applyAsDouble(from);
        return Double.BYTES;
    }

    @Override
    void grow(int capacity) {
        values = Arrays.copyOf(values, capacity);
    }

    @Override
    public float getFloat(int row) {
        return (float) values[row];
    }

    @Override
    public double getDouble(int row) {
        return values[row];
    }
}
