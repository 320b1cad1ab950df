package io.headgate.delta.batch;

import io.delta.kernel.types.DecimalType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.parquet.column.ColumnReader;
import org.jspecify.annotations.Nullable;

/** DECIMAL, with the scale of the type, which the file's may be less than. */
final class DecimalValues extends LeafValues {
    private static final int VALUE_BYTES = 64;

    private final int scale;
    private final Function<ColumnReader, BigDecimal> source;
    private @Nullable BigDecimal[] values = new BigDecimal[INITIAL_CAPACITY];

    DecimalValues(DecimalType type, Function<ColumnReader, BigDecimal> source) {
        super(type);
        scale = type.getScale();
        this.source = source;
    }

    @Override
    long add(ColumnReader from) {
        int row = next();
        values[row] = source.apply(from).setScale(scale, RoundingMode.UNNECESSARY);
        return VALUE_BYTES;
    }

    @Override
    void grow(int capacity) {
        values = Arrays.copyOf(values, capacity);
    }

    @Override
    public @Nullable BigDecimal getDecimal(int row) {
        return values[row];
    }
}
