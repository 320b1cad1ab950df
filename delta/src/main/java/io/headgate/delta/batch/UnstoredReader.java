package io.headgate.delta.batch;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.types.DataType;
import org.jspecify.annotations.Nullable;

/** Reads what a file does not have, and so only counts. */
final class UnstoredReader implements FieldReader {
    /** Tells what is read instead. */
    @FunctionalInterface
    private interface Source {
        ColumnVector values(long first, int count);
    }

    private final Source source;
    private long first;
    private int count;

    private UnstoredReader(Source source) {
        this.source = source;
    }

    /** Reads NULL. */
    static UnstoredReader nulls(DataType type) {
        return new UnstoredReader((first, count) -> new Nulls(type, count));
    }

    /** Reads the number of each row in its file, from 0, by which a deletion vector names rows. */
    static UnstoredReader rowIndexes() {
        return new UnstoredReader(RowIndexes::new);
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
        ColumnVector taken = source.values(first, count);
        first += count;
        count = 0;
        return taken;
    }

    @Override
    public @Nullable ColumnCursor guide() {
        return null;
    }
}
