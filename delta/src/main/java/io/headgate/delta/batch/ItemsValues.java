package io.headgate.delta.batch;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.types.DataType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ARRAY and MAP: where the items of each end. The elements, or the keys and the values, lie one behind the other. */
final class ItemsValues extends Values {
    private int[] ends = new int[INITIAL_CAPACITY];
    private int items;
    private List<ColumnVector> parts = List.of();

    ItemsValues(DataType type) {
        super(type);
    }

    /** Adds one with so many items. */
    void add(int count) {
        int row = next();
        items += count;
        ends[row] = items;
    }

    /** Adds NULL. */
    void addNone() {
        addNull();
        ends[getSize() - 1] = items;
    }

    /** The last thing to do before it is read. */
    ItemsValues complete(List<ColumnVector> withParts) {
        parts = withParts;
        return this;
    }

    @Override
    void grow(int capacity) {
        ends = Arrays.copyOf(ends, capacity);
    }

    @Override
    public @Nullable ArrayValue getArray(int row) {
        return isNullAt(row) ? null : new Array(part(0, row));
    }

    @Override
    public @Nullable MapValue getMap(int row) {
        return isNullAt(row) ? null : new Map(part(0, row), part(1, row));
    }

    private ColumnVector part(int i, int row) {
        int start = row == 0 ? 0 : ends[row - 1];
        return new Slice(parts.get(i), start, ends[row] - start);
    }

    private record Array(ColumnVector elements) implements ArrayValue {
        @Override
        public int getSize() {
            return elements.getSize();
        }

        @Override
        public ColumnVector getElements() {
            return elements;
        }
    }

    private record Map(ColumnVector keys, ColumnVector values) implements MapValue {
        @Override
        public int getSize() {
            return keys.getSize();
        }

        @Override
        public ColumnVector getKeys() {
            return keys;
        }

        @Override
        public ColumnVector getValues() {
            return values;
        }
    }
}
