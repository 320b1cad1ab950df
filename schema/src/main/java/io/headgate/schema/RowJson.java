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
import java.util.List;

/**
 * Writes encoded rows as JSON, for people: ISO-8601 for dates and timestamps, those with a zone in UTC; not-a-number and
 * infinities as strings.
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
        json.writeStartObject();
        for (int column = 0; column < columns.size(); column++) {
            json.writeFieldName(columns.get(column).name());
            value(row, column, columns.get(column).type(), json);
        }
        json.writeEndObject();
    }

    private static void value(RowReader reader, int column, ColumnType type, JsonGenerator json) throws IOException {
        if (reader.isNull(column)) {
            json.writeNull();
            return;
        }
        switch (type) {
            case STRING ->
                json.writeString(
                        StandardCharsets.UTF_8.decode(reader.stringAt(column)).toString());
            case BOOLEAN -> json.writeBoolean(reader.booleanAt(column));
            case BYTE -> json.writeNumber(reader.byteAt(column));
            case SHORT -> json.writeNumber(reader.shortAt(column));
            case INTEGER -> json.writeNumber(reader.intAt(column));
            case LONG -> json.writeNumber(reader.longAt(column));
            case FLOAT -> json.writeNumber(reader.floatAt(column));
            case DOUBLE -> json.writeNumber(reader.doubleAt(column));
            case DATE ->
                json.writeString(LocalDate.ofEpochDay(reader.intAt(column)).toString());
            case TIMESTAMP ->
                json.writeString(Instant.EPOCH
                        .plus(reader.longAt(column), ChronoUnit.MICROS)
                        .toString());
            case TIMESTAMP_NTZ ->
                json.writeString(
                        DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC)
                                .plus(reader.longAt(column), ChronoUnit.MICROS)));
        }
    }
}
