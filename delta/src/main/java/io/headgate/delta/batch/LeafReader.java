package io.headgate.delta.batch;

import io.delta.kernel.data.ColumnVector;
import java.util.function.Supplier;

/** Reads values that do not consist of values. */
final class LeafReader implements FieldReader {
    private final ColumnCursor cursor;
    private final Supplier<? extends LeafValues> empty;
    private LeafValues values;

    /** @param empty makes what the values of a batch are gathered in */
    LeafReader(ColumnCursor cursor, Supplier<? extends LeafValues> empty) {
        this.cursor = cursor;
        this.empty = empty;
        values = empty.get();
    }

    @Override
    public long append() {
        long bytes = 1;
        if (cursor.isAtValue()) {
            bytes += values.add(cursor.reader());
        } else {
            values.addNull();
        }
        cursor.pass();
        return bytes;
    }

    @Override
    public void pass() {
        cursor.pass();
    }

    @Override
    public ColumnVector take() {
        LeafValues taken = values;
        values = empty.get();
        return taken;
    }

    @Override
    public ColumnCursor guide() {
        return cursor;
    }
}
