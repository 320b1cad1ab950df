package io.headgate.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.Rows;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@link TableRows} writes, as {@link Rows} has rows. */
final class JsonRows {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonRows() {}

    /** All rows of a table, as Kernel reads them. */
    static List<List<Object>> of(TestTable table, List<Column> columns) throws IOException {
        StringBuilder lines = new StringBuilder();
        new TableRows(table.catalog()).write(TestTable.name(), Long.MAX_VALUE, lines);
        List<List<Object>> rows = new ArrayList<>();
        for (String line : lines.toString().lines().toList()) {
            rows.add(row(JSON.readTree(line), columns));
        }
        return rows;
    }

    private static List<Object> row(JsonNode object, List<Column> columns) throws IOException {
        List<Object> values = new ArrayList<>();
        for (Column column : columns) {
            values.add(value(object.get(column.name()), column.type()));
        }
        return values;
    }

    private static Object value(JsonNode json, ColumnType type) throws IOException {
        if (json.isNull()) {
            return Rows.NULL;
        }
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR -> json.textValue();
            case BOOLEAN -> json.booleanValue();
            case BYTE -> (byte) json.intValue();
            case SHORT -> (short) json.intValue();
            case INTEGER -> json.intValue();
            case LONG -> json.longValue();
            case FLOAT -> Float.parseFloat(json.asText());
            case DOUBLE -> Double.parseDouble(json.asText());
            case DATE -> (int) LocalDate.parse(json.textValue()).toEpochDay();
            case TIMESTAMP -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(json.textValue()));
            case TIMESTAMP_NTZ ->
                ChronoUnit.MICROS.between(
                        Instant.EPOCH, LocalDateTime.parse(json.textValue()).toInstant(ZoneOffset.UTC));
            case BINARY -> ByteBuffer.wrap(json.binaryValue());
            case DECIMAL -> new BigDecimal(json.textValue());
            case STRUCT -> row(json, ((ColumnType.Struct) type).fields());
            case ARRAY -> {
                List<Object> elements = new ArrayList<>();
                for (JsonNode element : json) {
                    elements.add(value(element, ((ColumnType.Array) type).element()));
                }
                yield elements;
            }
            case MAP -> {
                List<Object> entries = new ArrayList<>();
                for (JsonNode entry : json) {
                    Object key = value(entry.get("key"), ((ColumnType.Map) type).key());
                    entries.add(Map.entry(key, value(entry.get("value"), ((ColumnType.Map) type).value())));
                }
                yield entries;
            }
        };
    }
}
