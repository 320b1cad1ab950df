package io.headgate.schema;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Rows as plain values, to compare. */
final class Rows {
    /** Stands for NULL, and prints as such. */
    static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "NULL";
        }
    };

    private Rows() {}

    /** All rows of a payload: boxed numbers and booleans by the width of their slot, strings, or {@link #NULL}. */
    static List<List<Object>> read(RowLayout layout, ByteBuffer payload) {
        List<List<Object>> rows = new ArrayList<>();
        RowReader reader = new RowReader(layout).wrap(payload);
        while (reader.next()) {
            List<Object> row = new ArrayList<>();
            for (int i = 0; i < layout.columns().size(); i++) {
                row.add(
                        reader.isNull(i)
                                ? NULL
                                : value(reader, i, layout.columns().get(i).type()));
            }
            rows.add(row);
        }
        return rows;
    }

    private static Object value(RowReader reader, int column, ColumnType type) {
        return switch (type) {
            case STRING ->
                StandardCharsets.UTF_8.decode(reader.stringAt(column)).toString();
            case BOOLEAN -> reader.booleanAt(column);
            case BYTE -> reader.byteAt(column);
            case SHORT -> reader.shortAt(column);
            case INTEGER, DATE -> reader.intAt(column);
            case LONG, TIMESTAMP, TIMESTAMP_NTZ -> reader.longAt(column);
            case FLOAT -> reader.floatAt(column);
            case DOUBLE -> reader.doubleAt(column);
        };
    }
}
