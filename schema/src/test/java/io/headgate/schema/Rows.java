package io.headgate.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Rows as plain values, to compare: boxed numbers and booleans by the width of their slot, strings, BigDecimal,
 * ByteBuffer for BINARY; a list for a STRUCT or ARRAY, a list of entries for a MAP; {@link #NULL}.
 */
public final class Rows {
    /** Stands for NULL, and prints as such. */
    public static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "NULL";
        }
    };

    private Rows() {}

    /** All rows of a payload. */
    public static List<List<Object>> read(RowLayout layout, ByteBuffer payload) {
        List<List<Object>> rows = new ArrayList<>();
        RowReader reader = new RowReader(layout).wrap(payload);
        while (reader.next()) {
            rows.add(values(reader, layout.columns()));
        }
        return rows;
    }

    /** The values of a row or struct. */
    public static List<Object> values(ValueReader reader, List<Column> columns) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            values.add(value(reader, i, columns.get(i).type()));
        }
        return values;
    }

    private static Object value(ValueReader reader, int i, ColumnType type) {
        if (reader.isNull(i)) {
            return NULL;
        }
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR ->
                StandardCharsets.UTF_8.decode(reader.stringAt(i)).toString();
            case BOOLEAN -> reader.booleanAt(i);
            case BYTE -> reader.byteAt(i);
            case SHORT -> reader.shortAt(i);
            case INTEGER, DATE -> reader.intAt(i);
            case LONG, TIMESTAMP, TIMESTAMP_NTZ -> reader.longAt(i);
            case FLOAT -> reader.floatAt(i);
            case DOUBLE -> reader.doubleAt(i);
            case DECIMAL -> reader.decimalAt(i);
            case BINARY -> {
                ByteBuffer bytes = reader.stringAt(i);
                yield ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
            }
            case STRUCT -> values(reader.structAt(i), ((ColumnType.Struct) type).fields());
            case ARRAY -> {
                ItemReader items = reader.itemsAt(i);
                List<Object> elements = new ArrayList<>();
                for (int item = 0; item < items.count(); item++) {
                    elements.add(value(items.at(item), 0, ((ColumnType.Array) type).element()));
                }
                yield elements;
            }
            case MAP -> {
                ItemReader items = reader.itemsAt(i);
                List<Object> entries = new ArrayList<>();
                for (int item = 0; item < items.count(); item++) {
                    Object key = value(items.at(item), 0, ((ColumnType.Map) type).key());
                    entries.add(Map.entry(key, value(items, 1, ((ColumnType.Map) type).value())));
                }
                yield entries;
            }
        };
    }

    /** Writes a row of such values. */
    public static void write(RowWriter writer, List<Column> columns, List<Object> row) {
        writer.beginRow();
        putAll(writer, columns, row);
        writer.endRow();
    }

    private static void putAll(RowWriter writer, List<Column> columns, List<?> values) {
        for (int i = 0; i < values.size(); i++) {
            put(writer, i, columns.get(i).type(), values.get(i));
        }
    }

    /** Puts such a value; {@link #NULL} by putting nothing. */
    public static void put(RowWriter writer, int i, ColumnType type, Object value) {
        if (value == NULL) {
            return;
        }
        switch (type.kind()) {
            case STRING, CHAR, VARCHAR -> writer.putString(i, ((String) value).getBytes(StandardCharsets.UTF_8));
            case BOOLEAN -> writer.putBoolean(i, (Boolean) value);
            case BYTE -> writer.putByte(i, (Byte) value);
            case SHORT -> writer.putShort(i, (Short) value);
            case INTEGER, DATE -> writer.putInt(i, (Integer) value);
            case LONG, TIMESTAMP, TIMESTAMP_NTZ -> writer.putLong(i, (Long) value);
            case FLOAT -> writer.putFloat(i, (Float) value);
            case DOUBLE -> writer.putDouble(i, (Double) value);
            case DECIMAL -> {
                BigInteger units = ((BigDecimal) value).unscaledValue();
                writer.putDecimal(i, units.shiftRight(Long.SIZE).longValueExact(), units.longValue());
            }
            case BINARY -> {
                byte[] bytes = ((ByteBuffer) value).array();
                writer.putBytes(i, bytes, 0, bytes.length);
            }
            case STRUCT -> {
                writer.beginStruct(i);
                putAll(writer, ((ColumnType.Struct) type).fields(), (List<?>) value);
                writer.endStruct();
            }
            case ARRAY -> {
                writer.beginItems(i);
                for (Object element : (List<?>) value) {
                    writer.nextItem();
                    put(writer, 0, ((ColumnType.Array) type).element(), element);
                }
                writer.endItems();
            }
            case MAP -> {
                writer.beginItems(i);
                for (Object item : (List<?>) value) {
                    Map.Entry<?, ?> entry = (Map.Entry<?, ?>) item;
                    writer.nextItem();
                    put(writer, 0, ((ColumnType.Map) type).key(), entry.getKey());
                    put(writer, 1, ((ColumnType.Map) type).value(), entry.getValue());
                }
                writer.endItems();
            }
        }
    }
}
