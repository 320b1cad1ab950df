package io.headgate.delta.parquet;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.Rows;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Records of Parquet's own library as {@link Rows} has rows. Knows lists and maps by their layout alone. */
final class GroupValues {
    private GroupValues() {}

    static List<Object> row(Group record, List<Column> columns) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            values.add(value(record, i, columns.get(i).type()));
        }
        return values;
    }

    private static Object value(Group in, int i, ColumnType type) {
        if (in.getFieldRepetitionCount(i) == 0) {
            return Rows.NULL;
        }
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR -> in.getString(i, 0);
            case BOOLEAN -> in.getBoolean(i, 0);
            case BYTE -> (byte) in.getInteger(i, 0);
            case SHORT -> (short) in.getInteger(i, 0);
            case INTEGER, DATE -> in.getInteger(i, 0);
            case LONG, TIMESTAMP, TIMESTAMP_NTZ -> in.getLong(i, 0);
            case FLOAT -> in.getFloat(i, 0);
            case DOUBLE -> in.getDouble(i, 0);
            case BINARY -> ByteBuffer.wrap(in.getBinary(i, 0).getBytes());
            case DECIMAL -> new BigDecimal(units(in, i), ((ColumnType.Decimal) type).scale());
            case STRUCT -> row(in.getGroup(i, 0), ((ColumnType.Struct) type).fields());
            case ARRAY -> {
                List<Object> elements = new ArrayList<>();
                Group list = in.getGroup(i, 0);
                for (int item = 0; item < list.getFieldRepetitionCount("list"); item++) {
                    elements.add(value(list.getGroup("list", item), 0, ((ColumnType.Array) type).element()));
                }
                yield elements;
            }
            case MAP -> {
                List<Object> entries = new ArrayList<>();
                Group map = in.getGroup(i, 0);
                for (int item = 0; item < map.getFieldRepetitionCount("key_value"); item++) {
                    Group entry = map.getGroup("key_value", item);
                    Object key = value(entry, 0, ((ColumnType.Map) type).key());
                    entries.add(Map.entry(key, value(entry, 1, ((ColumnType.Map) type).value())));
                }
                yield entries;
            }
        };
    }

    private static BigInteger units(Group in, int i) {
        PrimitiveTypeName stored = in.getType().getType(i).asPrimitiveType().getPrimitiveTypeName();
        return switch (stored) {
            case INT32 -> BigInteger.valueOf(in.getInteger(i, 0));
            case INT64 -> BigInteger.valueOf(in.getLong(i, 0));
            case FIXED_LEN_BYTE_ARRAY -> new BigInteger(in.getBinary(i, 0).getBytes());
            default -> throw new IllegalArgumentException(stored + " holds no DECIMAL");
        };
    }
}
