package io.headgate.delta.batch;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.StructType;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * NULL, so many times.
 *
 * @param type what it is that is NULL
 * @param size how many times
 */
record Nulls(DataType type, int size) implements ColumnVector {
    @Override
    public DataType getDataType() {
        return type;
    }

    @Override
    public int getSize() {
        return size;
    }

    @Override
    public void close() {}

    @Override
    public boolean isNullAt(int row) {
        return true;
    }

    @Override
    public byte @Nullable [] getBinary(int row) {
        return null;
    }

    @Override
    public @Nullable String getString(int row) {
        return null;
    }

    @Override
    public @Nullable BigDecimal getDecimal(int row) {
        return null;
    }

    @Override
    public @Nullable MapValue getMap(int row) {
        return null;
    }

    @Override
    public @Nullable ArrayValue getArray(int row) {
        return null;
    }

    @Override
    public ColumnVector getChild(int ordinal) {
        return new Nulls(((StructType) type).at(ordinal).getDataType(), size);
    }
}
