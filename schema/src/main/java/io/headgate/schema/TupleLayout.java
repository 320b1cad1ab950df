package io.headgate.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where in their slots values lie that are side by side: a row's, a struct's, an array's element (one value), a map's key
 * and value (two). See {@link RowLayout}. Immutable.
 */
final class TupleLayout {
    /** An ARRAY's or MAP's count. */
    static final int COUNT_BYTES = 4;

    private static final int POINTER_BYTES = 8;
    private static final int LONG_DECIMAL_BYTES = 8;
    private static final int WIDE_DECIMAL_BYTES = 16;

    private final ColumnType[] types;
    private final int[] slotOffsets;
    private final int[] slotWidths;
    private final @Nullable TupleLayout[] inner;
    private final int slotBytes;

    private TupleLayout(List<ColumnType> types) {
        this.types = types.toArray(ColumnType[]::new);
        slotOffsets = new int[this.types.length];
        slotWidths = new int[this.types.length];
        inner = new TupleLayout[this.types.length];
        int offset = 0;
        for (int i = 0; i < this.types.length; i++) {
            slotOffsets[i] = offset;
            slotWidths[i] = slotWidth(this.types[i]);
            inner[i] = innerOf(this.types[i]);
            offset += slotWidths[i];
        }
        slotBytes = offset;
    }

    static TupleLayout of(List<Column> columns) {
        return new TupleLayout(columns.stream().map(Column::type).toList());
    }

    private static int slotWidth(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN, BYTE -> 1;
            case SHORT -> 2;
            case INTEGER, FLOAT, DATE -> 4;
            case LONG, DOUBLE, TIMESTAMP, TIMESTAMP_NTZ -> 8;
            case DECIMAL -> ((ColumnType.Decimal) type).fitsLong() ? LONG_DECIMAL_BYTES : WIDE_DECIMAL_BYTES;
            case STRING, CHAR, VARCHAR, BINARY, ARRAY, MAP, STRUCT -> POINTER_BYTES;
        };
    }

    private static @Nullable TupleLayout innerOf(ColumnType type) {
        if (type instanceof ColumnType.Struct struct) {
            return of(struct.fields());
        }
        if (type instanceof ColumnType.Array array) {
            return new TupleLayout(List.of(array.element()));
        }
        return type instanceof ColumnType.Map map ? new TupleLayout(List.of(map.key(), map.value())) : null;
    }

    /** How many values. */
    int size() {
        return types.length;
    }

    ColumnType type(int i) {
        return types[i];
    }

    /** The layout of what the value consists of; null if it is not nested. */
    @Nullable
    TupleLayout inner(int i) {
        return inner[i];
    }

    /** Where the value's slot begins, from the first slot on. */
    int slotOffset(int i) {
        return slotOffsets[i];
    }

    int slotWidth(int i) {
        return slotWidths[i];
    }

    /** Whether the value's slot says where it is: that of text, bytes and what is nested. */
    boolean isPointer(int i) {
        return switch (types[i].kind()) {
            case STRING, CHAR, VARCHAR, BINARY, ARRAY, MAP, STRUCT -> true;
            case BOOLEAN, BYTE, SHORT, INTEGER, LONG, FLOAT, DOUBLE, DATE, TIMESTAMP, TIMESTAMP_NTZ, DECIMAL -> false;
        };
    }

    /** What all slots take. */
    int slotBytes() {
        return slotBytes;
    }

    /** What the null bits take, should nothing share their bytes. */
    int nullBytes() {
        return (types.length + 7) >> 3;
    }

    /** A STRUCT's block. */
    int structBytes() {
        return nullBytes() + slotBytes;
    }

    /** What the null bits of {@code count} items take. */
    long itemNullBytes(int count) {
        return ((long) count * types.length + 7) >> 3;
    }

    /** An ARRAY's or MAP's block with {@code count} items. */
    long itemsBytes(int count) {
        return COUNT_BYTES + itemNullBytes(count) + (long) count * slotBytes;
    }
}
