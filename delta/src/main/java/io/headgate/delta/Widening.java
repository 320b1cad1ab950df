package io.headgate.delta;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowReader;
import io.headgate.schema.RowWriter;
import io.headgate.schema.Supported;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Turns values into those of a wider type that loses nothing of them, as Delta lets a column's type change (Delta
 * protocol, "Type Widening"): whole numbers to longer ones, those up to INTEGER to DOUBLE too, FLOAT to DOUBLE, DATE to
 * TIMESTAMP_NTZ. For one thread.
 */
final class Widening {
    private static final int INITIAL_BYTES = 256;
    private static final long MICROS_PER_DAY = TimeUnit.DAYS.toMicros(1);
    private static final long DAYS_MAX = Long.MAX_VALUE / MICROS_PER_DAY;

    private final List<Column> from;
    private final List<Column> to;
    private final boolean needed;
    private final RowLayout layout;
    private final RowReader widened;

    /**
     * @param from the columns of the rows
     * @param to the same with the wider types, in the same order
     */
    Widening(List<Column> from, List<Column> to) {
        this.from = List.copyOf(from);
        this.to = List.copyOf(to);
        needed = !from.equals(to);
        layout = RowLayout.of(to);
        widened = new RowReader(layout);
    }

    /** Whether a type keeps the value of another, which is not NULL in the reader's current row. */
    static boolean keeps(RowReader row, int column, ColumnType from, ColumnType to) {
        return switch (from.kind()) {
            case BYTE ->
                to == ColumnType.SHORT || to == ColumnType.INTEGER || to == ColumnType.LONG || to == ColumnType.DOUBLE;
            case SHORT -> to == ColumnType.INTEGER || to == ColumnType.LONG || to == ColumnType.DOUBLE;
            case INTEGER -> to == ColumnType.LONG || to == ColumnType.DOUBLE;
            case FLOAT -> to == ColumnType.DOUBLE;
            case DATE -> to == ColumnType.TIMESTAMP_NTZ && Math.abs((long) row.intAt(column)) <= DAYS_MAX;
            default -> false;
        };
    }

    /** The reader's current row with the wider types: each value of another type must be {@linkplain #keeps kept}. */
    RowReader widen(RowReader row) {
        if (!needed) {
            return row;
        }
        RowWriter out = new RowWriter(layout, INITIAL_BYTES, Integer.MAX_VALUE, bytes -> true);
        out.beginRow();
        for (int i = 0; i < from.size(); i++) {
            if (!row.isNull(i)) {
                put(row, i, out);
            }
        }
        out.endRow();
        widened.wrap(out.payload()).next();
        return widened;
    }

    private void put(RowReader row, int i, RowWriter out) {
        ColumnType type = from.get(i).type();
        switch (to.get(i).type().kind()) {
            case STRING -> putString(row, i, out);
            case BOOLEAN -> out.putBoolean(i, row.booleanAt(i));
            case BYTE -> out.putByte(i, row.byteAt(i));
            case SHORT -> out.putShort(i, (short) whole(row, i, type));
            case INTEGER -> out.putInt(i, (int) whole(row, i, type));
            case LONG -> out.putLong(i, whole(row, i, type));
            case FLOAT -> out.putFloat(i, row.floatAt(i));
            case DOUBLE -> out.putDouble(i, number(row, i, type));
            case DATE -> out.putInt(i, row.intAt(i));
            case TIMESTAMP -> out.putLong(i, row.longAt(i));
            case TIMESTAMP_NTZ ->
                out.putLong(i, type == ColumnType.DATE ? row.intAt(i) * MICROS_PER_DAY : row.longAt(i));
            case BINARY, DECIMAL, CHAR, VARCHAR, ARRAY, MAP, STRUCT ->
                throw Supported.unreachable(to.get(i).type());
        }
    }

    private static void putString(RowReader row, int i, RowWriter out) {
        ByteBuffer text = row.stringAt(i);
        byte[] utf8 = new byte[text.remaining()];
        text.get(utf8);
        out.putString(i, utf8);
    }

    private static double number(RowReader row, int i, ColumnType type) {
        return switch (type.kind()) {
            case DOUBLE -> row.doubleAt(i);
            case FLOAT -> row.floatAt(i);
            default -> whole(row, i, type);
        };
    }

    private static long whole(RowReader row, int i, ColumnType type) {
        return switch (type.kind()) {
            case BYTE -> row.byteAt(i);
            case SHORT -> row.shortAt(i);
            case INTEGER -> row.intAt(i);
            default -> row.longAt(i);
        };
    }
}
