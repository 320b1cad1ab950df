package io.headgate.delta.batch;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.types.DataType;
import java.math.BigDecimal;

/**
 * Some values out of many.
 *
 * @param all the many
 * @param start the first of them
 * @param size how many
 */
record Slice(ColumnVector all, int start, int size) implements ColumnVector {
    @Override
    public DataType getDataType() {
        return all.getDataType();
    }

    @Override
    public int getSize() {
        return size;
    }

    /** Does nothing: the many are not its own. */
    @Override
    public void close() {}

    @Override
    public boolean isNullAt(int row) {
        return all.isNullAt(start + row);
    }

    @Override
    public boolean getBoolean(int row) {
        return all.getBoolean(start + row);
    }

    @Override
    public byte getByte(int row) {
        return all.getByte(start + row);
    }

    @Override
    public short getShort(int row) {
        return all.getShort(start + row);
    }

    @Override
    public int getInt(int row) {
        return all.getInt(start + row);
    }

    @Override
    public long getLong(int row) {
        return all.getLong(start + row);
    }

    @Override
    public float getFloat(int row) {
        return all.getFloat(start + row);
    }

    @Override
    public double getDouble(int row) {
        return all.getDouble(start + row);
    }

    @Override
    public byte[] getBinary(int row) {
        return all.getBinary(start + row);
    }

    @Override
    public String getString(int row) {
        return all.getString(start + row);
    }

    @Override
    public BigDecimal getDecimal(int row) {
        return all.getDecimal(start + row);
    }

    @Override
    public MapValue getMap(int row) {
        return all.getMap(start + row);
    }

    @Override
    public ArrayValue getArray(int row) {
        return all.getArray(start + row);
    }

    @Override
    public ColumnVector getChild(int ordinal) {
        return new Slice(all.getChild(ordinal), start, size);
    }
}
