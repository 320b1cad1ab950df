package io.headgate.systemtests;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.Rows;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One text for each stored value, to compare what is expected with what somebody else reads: text and BINARY as their bytes
 * in hex, FLOAT and DOUBLE as their bits, dates and times as numbers. It is stated twice, for values as test tables have
 * them, in the form of {@link Rows}, and as an expression for DuckDB.
 */
final class StoredText {
    static final String NULL = "NULL";

    private StoredText() {}

    /** The text of a value as a test expects it. */
    static String of(ColumnType type, Object value) {
        if (value == Rows.NULL) {
            return NULL;
        }
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR -> hex(((String) value).getBytes(StandardCharsets.UTF_8));
            case BINARY -> hex(((ByteBuffer) value).array());
            case BOOLEAN, BYTE, SHORT, INTEGER, LONG, DATE, TIMESTAMP, TIMESTAMP_NTZ -> value.toString();
            case FLOAT -> bits(Float.SIZE, Integer.toBinaryString(Float.floatToIntBits((Float) value)));
            case DOUBLE -> bits(Double.SIZE, Long.toBinaryString(Double.doubleToLongBits((Double) value)));
            case DECIMAL -> ((BigDecimal) value).toPlainString();
            case STRUCT -> struct(((ColumnType.Struct) type).fields(), (List<?>) value);
            case ARRAY ->
                ((List<?>) value)
                        .stream()
                                .map(element -> of(((ColumnType.Array) type).element(), element))
                                .collect(Collectors.joining(",", "[", "]"));
            case MAP ->
                ((List<?>) value)
                        .stream()
                                .map(entry -> entry((ColumnType.Map) type, (Map.Entry<?, ?>) entry))
                                .collect(Collectors.joining(",", "<", ">"));
        };
    }

    private static String struct(List<Column> fields, List<?> values) {
        return IntStream.range(0, fields.size())
                .mapToObj(i -> of(fields.get(i).type(), values.get(i)))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String entry(ColumnType.Map type, Map.Entry<?, ?> entry) {
        return of(type.key(), entry.getKey()) + "=" + of(type.value(), entry.getValue());
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().withUpperCase().formatHex(bytes);
    }

    private static String bits(int size, String digits) {
        return "0".repeat(size - digits.length()) + digits;
    }

    /** A DuckDB expression with the text of another one, which has that type. */
    static String sql(ColumnType type, String value) {
        return coalesced(type, value, 0);
    }

    /** @param depth how many lambdas are around it, since each has a name of its own */
    private static String orNull(ColumnType type, String value, int depth) {
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR, BINARY -> "hex(" + value + ")";
            case BOOLEAN, BYTE, SHORT, INTEGER, LONG -> value + "::VARCHAR";
            case FLOAT, DOUBLE -> value + "::BIT::VARCHAR";
            case DATE -> "(" + value + " - DATE '1970-01-01')::VARCHAR";
            // DuckDB has the ends of the range for infinity, and no number of microseconds for that.
            case TIMESTAMP, TIMESTAMP_NTZ ->
                "CASE " + value + " WHEN 'infinity' THEN '" + Long.MAX_VALUE + "' WHEN '-infinity' THEN '"
                        + -Long.MAX_VALUE + "' ELSE epoch_us(" + value + ")::VARCHAR END";
            // It leaves out the zero before the point where there is no room for it in the precision.
            case DECIMAL -> "regexp_replace(" + value + "::VARCHAR, '^(-?)\\.', '\\10.')";
            case STRUCT ->
                ((ColumnType.Struct) type)
                        .fields().stream()
                                .map(field -> coalesced(field.type(), value + "." + field.name(), depth))
                                .collect(Collectors.joining(
                                        " || ',' || ",
                                        "CASE WHEN " + value + " IS NOT NULL THEN '{' || ",
                                        " || '}' END"));
            case ARRAY -> {
                String element = "e" + depth;
                String text = coalesced(((ColumnType.Array) type).element(), element, depth + 1);
                yield "'[' || " + joined(value, element, text) + " || ']'";
            }
            case MAP -> {
                ColumnType.Map map = (ColumnType.Map) type;
                String entry = "e" + depth;
                String text = orNull(map.key(), entry + ".key", depth + 1) + " || '=' || "
                        + coalesced(map.value(), entry + ".value", depth + 1);
                yield "'<' || " + joined("map_entries(" + value + ")", entry, text) + " || '>'";
            }
        };
    }

    private static String coalesced(ColumnType type, String value, int depth) {
        return "coalesce(" + orNull(type, value, depth) + ", '" + NULL + "')";
    }

    private static String joined(String list, String item, String text) {
        return "array_to_string(list_transform(" + list + ", lambda " + item + ": " + text + "), ',')";
    }
}
