package io.headgate.delta.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.delta.kernel.types.DataType;
import java.util.Arrays;
import org.apache.parquet.column.ColumnReader;
import org.jspecify.annotations.Nullable;

/** STRING as UTF-8, which is made into text when it is asked for, and all that is plain bytes. */
final class BytesValues extends LeafValues {
    /** An array's own, and the reference to it. */
    private static final long OVERHEAD_BYTES = 24;

    private byte[] @Nullable [] values = new byte[INITIAL_CAPACITY][];

    BytesValues(DataType type) {
        super(type);
    }

    @Override
    long add(ColumnReader from) {
        int row = next();
        byte[] bytes = from.getBinary().getBytes();
        values[row] = bytes;
        return OVERHEAD_BYTES + bytes.length;
    }

    @Override
    void grow(int capacity) {
        values = Arrays.copyOf(values, capacity);
    }

    @Override
    public byte @Nullable [] getBinary(int row) {
        return values[row];
    }

    @Override
    public @Nullable String getString(int row) {
        byte[] bytes = values[row];
        return bytes == null ? null : new String(bytes, UTF_8);
    }
}
