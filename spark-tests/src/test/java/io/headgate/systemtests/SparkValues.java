package io.headgate.systemtests;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.Rows;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Values that Spark read, in the form of {@link Rows}. */
final class SparkValues {
    private SparkValues() {}

    /** The text of each value of a row. */
    static List<String> texts(List<Column> columns, Row row) {
        return IntStream.range(0, columns.size())
                .mapToObj(i ->
                        StoredText.of(columns.get(i).type(), of(columns.get(i).type(), row.get(i))))
                .toList();
    }

    /** @param value as a {@link Row} has it, with the types of java.time */
    private static Object of(ColumnType type, @Nullable Object value) {
        if (value == null) {
            return Rows.NULL;
        }
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR, BOOLEAN, BYTE, SHORT, INTEGER, LONG, FLOAT, DOUBLE, DECIMAL -> value;
            case BINARY -> ByteBuffer.wrap((byte[]) value);
            case DATE -> ((LocalDate) value).toEpochDay();
            case TIMESTAMP -> EveryType.micros((Instant) value);
            case TIMESTAMP_NTZ -> EveryType.micros(((LocalDateTime) value).toInstant(ZoneOffset.UTC));
            case STRUCT -> struct(((ColumnType.Struct) type).fields(), (Row) value);
            case ARRAY ->
                CollectionConverters.asJava((Seq<?>) value).stream()
                        .map(element -> of(((ColumnType.Array) type).element(), element))
                        .toList();
            case MAP ->
                CollectionConverters.asJava((scala.collection.Map<?, ?>) value).entrySet().stream()
                        .map(entry -> entry((ColumnType.Map) type, entry))
                        .toList();
        };
    }

    private static List<Object> struct(List<Column> fields, Row row) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            values.add(of(fields.get(i).type(), row.get(i)));
        }
        return values;
    }

    private static Map.Entry<Object, Object> entry(ColumnType.Map type, Map.Entry<?, ?> entry) {
        return Map.entry(of(type.key(), entry.getKey()), of(type.value(), entry.getValue()));
    }
}
