package io.headgate.delta.batch;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.DataType;
import org.jspecify.annotations.Nullable;

/** Reads what a file does not have: NULL. */
final class MissingReader implements FieldReader {
    private final DataType type;
    private int count;

    MissingReader(DataType type) {
        this.type = type;
    }

    @Override
    public long append() {
        count++;
        return 0;
    }

    @Override
    public void pass() {}

    @Override
    public ColumnVector take() {
        Nulls taken = new Nulls(type, count);
        count = 0;
        return taken;
    }

    @Override
    public @Nullable ColumnCursor guide() {
        return null;
    }
}
