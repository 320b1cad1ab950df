package io.headgate.delta.parquet;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.Rows;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Blob;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What DuckDB's driver makes of values, as {@link Rows} has them; but a MAP is a map, as its order gets lost. */
final class DuckValues {
    private DuckValues() {}

    static List<Object> row(@Nullable Object[] row, List<Column> columns) throws SQLException {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < row.length; i++) {
            values.add(value(row[i], columns.get(i).type()));
        }
        return values;
    }

    /** The same of a row of {@link Rows}. */
    static List<Object> withMaps(List<Object> row, List<Column> columns) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            values.add(withMaps(row.get(i), columns.get(i).type()));
        }
        return values;
    }

    private static Object withMaps(Object value, ColumnType type) {
        if (value == Rows.NULL) {
            return value;
        }
        return switch (type.kind()) {
            case STRUCT -> {
                List<Object> fields = new ArrayList<>((List<?>) value);
                yield withMaps(fields, ((ColumnType.Struct) type).fields());
            }
            case ARRAY ->
                ((List<?>) value)
                        .stream()
                                .map(element -> withMaps(element, ((ColumnType.Array) type).element()))
                                .toList();
            case MAP -> {
                Map<Object, Object> entries = new HashMap<>();
                for (Object item : (List<?>) value) {
                    Map.Entry<?, ?> entry = (Map.Entry<?, ?>) item;
                    entries.put(entry.getKey(), withMaps(entry.getValue(), ((ColumnType.Map) type).value()));
                }
                yield entries;
            }
            default -> value;
        };
    }

    private static Object value(@Nullable Object value, ColumnType type) throws SQLException {
        if (value == null) {
            return Rows.NULL;
        }
        return switch (type.kind()) {
            case DATE -> (int) ((LocalDate) value).toEpochDay();
            case TIMESTAMP ->
                micros(((OffsetDateTime) value)
                        .withOffsetSameInstant(ZoneOffset.UTC)
                        .toLocalDateTime());
            case TIMESTAMP_NTZ -> micros(((Timestamp) value).toLocalDateTime());
            case BINARY -> ByteBuffer.wrap(((Blob) value).getBytes(1, (int) ((Blob) value).length()));
            case STRUCT -> row(((Struct) value).getAttributes(), ((ColumnType.Struct) type).fields());
            case ARRAY -> {
                List<Object> elements = new ArrayList<>();
                for (Object element : (@Nullable Object[]) ((Array) value).getArray()) {
                    elements.add(value(element, ((ColumnType.Array) type).element()));
                }
                yield elements;
            }
            case MAP -> {
                Map<Object, Object> entries = new HashMap<>();
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                    Object key = value(entry.getKey(), ((ColumnType.Map) type).key());
                    entries.put(key, value(entry.getValue(), ((ColumnType.Map) type).value()));
                }
                yield entries;
            }
            default -> value;
        };
    }

    private static long micros(LocalDateTime time) {
        return ChronoUnit.MICROS.between(LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC), time);
    }
}
