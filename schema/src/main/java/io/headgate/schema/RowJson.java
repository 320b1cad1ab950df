package io.headgate.schema;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;

/**
 * Writes encoded rows as JSON, for people: ISO-8601 for dates and timestamps, those with a zone in UTC; not-a-number and
 * infinities as strings; DECIMAL as a string with all digits of its scale and no exponent; BINARY as standard base64; MAP
 * as an object whose names are the keys, written as values are, without quotes of their own.
 */
public final class RowJson {
    private final List<Column> columns;
    private final RowReader reader;

    /** @param columns what the rows were encoded under */
    public RowJson(List<Column> columns) {
        this.columns = List.copyOf(columns);
        this.reader = new RowReader(RowLayout.of(columns));
    }

    /**
     * Writes the rows of a payload as an array of objects.
     *
     * @throws CorruptRowException if the payload is not rows of these columns
     */
    public void write(ByteBuffer payload, JsonGenerator json) throws IOException {
        json.writeStartArray();
        writeEach(payload, json);
        json.writeEndArray();
    }

    /** The same without an array around the objects. */
    public void writeEach(ByteBuffer payload, JsonGenerator json) throws IOException {
        reader.wrap(payload);
        while (reader.next()) {
            write(reader, columns, json);
        }
    }

    /** Writes a reader's current row as an object. */
    public static void write(RowReader row, List<Column> columns, JsonGenerator json) throws IOException {
        object(row, columns, json);
    }

    private static void object(ValueReader values, List<Column> columns, JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (int i = 0; i < columns.size(); i++) {
            json.writeFieldName(columns.get(i).name());
            value(values, i, columns.get(i).type(), json);
        }
        json.writeEndObject();
    }

    private static void value(ValueReader values, int i, ColumnType type, JsonGenerator json) throws IOException {
        if (values.isNull(i)) {
            json.writeNull();
            return;
        }
        switch (type.kind()) {
            case BOOLEAN -> json.writeBoolean(values.booleanAt(i));
            case BYTE -> json.writeNumber(values.byteAt(i));
            case SHORT -> json.writeNumber(values.shortAt(i));
            case INTEGER -> json.writeNumber(values.intAt(i));
            case LONG -> json.writeNumber(values.longAt(i));
            case FLOAT -> json.writeNumber(values.floatAt(i));
            case DOUBLE -> json.writeNumber(values.doubleAt(i));
            case STRING, CHAR, VARCHAR, BINARY, DECIMAL, DATE, TIMESTAMP, TIMESTAMP_NTZ ->
                json.writeString(text(values, i, type));
            case ARRAY -> array(values.itemsAt(i), ((ColumnType.Array) type).element(), json);
            case MAP -> map(values.itemsAt(i), (ColumnType.Map) type, json);
            case STRUCT -> object(values.structAt(i), ((ColumnType.Struct) type).fields(), json);
        }
    }

    private static void array(ItemReader items, ColumnType element, JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (int item = 0; item < items.count(); item++) {
            value(items.at(item), 0, element, json);
        }
        json.writeEndArray();
    }

    private static void map(ItemReader items, ColumnType.Map type, JsonGenerator json) throws IOException {
        json.writeStartObject();
        for (int item = 0; item < items.count(); item++) {
            json.writeFieldName(text(items.at(item), 0, type.key()));
            value(items, 1, type.value(), json);
        }
        json.writeEndObject();
    }

    private static String text(ValueReader values, int i, ColumnType type) {
        return switch (type.kind()) {
            case STRING, CHAR, VARCHAR ->
                StandardCharsets.UTF_8.decode(values.stringAt(i)).toString();
            case BOOLEAN -> Boolean.toString(values.booleanAt(i));
            case BYTE -> Byte.toString(values.byteAt(i));
            case SHORT -> Short.toString(values.shortAt(i));
            case INTEGER -> Integer.toString(values.intAt(i));
            case LONG -> Long.toString(values.longAt(i));
            case FLOAT -> Float.toString(values.floatAt(i));
            case DOUBLE -> Double.toString(values.doubleAt(i));
            case DATE -> LocalDate.ofEpochDay(values.intAt(i)).toString();
            case TIMESTAMP ->
                Instant.EPOCH.plus(values.longAt(i), ChronoUnit.MICROS).toString();
            case TIMESTAMP_NTZ ->
                DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
                        LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC).plus(values.longAt(i), ChronoUnit.MICROS));
            case DECIMAL -> values.decimalAt(i).toPlainString();
            case BINARY -> base64(values.stringAt(i));
            case ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type.sqlName() + " is no key");
        };
    }

    private static String base64(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1
                .decode(Base64.getEncoder().encode(bytes))
                .toString();
    }
}
