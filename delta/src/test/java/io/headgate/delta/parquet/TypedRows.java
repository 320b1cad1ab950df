package io.headgate.delta.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.delta.kernel.statistics.DataFileStatistics;
import io.headgate.schema.Column;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowReader;
import io.headgate.schema.RowWriter;
import io.headgate.schema.Supported;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of Java values as a log would hand them over: BYTE to LONG, FLOAT, DOUBLE, BOOLEAN and String as themselves, DATE
 * as Integer days, timestamps as Long microseconds, NULL as null.
 */
public final class TypedRows {
    private static final int MAX_PAYLOAD_BYTES = 1 << 30;

    private TypedRows() {}

    /** A reader before the first of {@code rows}. */
    public static RowReader reader(List<Column> columns, List<@Nullable Object[]> rows) {
        return new RowReader(RowLayout.of(columns)).wrap(payload(columns, rows));
    }

    /** The rows as an entry of a log has them. */
    public static ByteBuffer payload(List<Column> columns, List<@Nullable Object[]> rows) {
        RowWriter writer = new RowWriter(RowLayout.of(columns), 0, MAX_PAYLOAD_BYTES, additionalBytes -> true);
        for (@Nullable Object[] row : rows) {
            writer.beginRow();
            for (int i = 0; i < row.length; i++) {
                put(writer, i, columns.get(i), row[i]);
            }
            writer.endRow();
        }
        return writer.payload();
    }

    /** Appends all rows of the reader, whose columns are the target's. */
    static void appendAll(ParquetDataFileWriter file, List<Column> columns, List<@Nullable Object[]> rows)
            throws IOException {
        int[] same = IntStream.range(0, columns.size()).toArray();
        RowReader reader = reader(columns, rows);
        while (reader.next()) {
            file.append(reader, same);
        }
    }

    /** Writes a whole data file. */
    static DataFileStatistics write(
            Path path, List<Column> columns, ParquetSettings settings, List<@Nullable Object[]> rows)
            throws IOException {
        try (ParquetDataFileWriter file = new ParquetDataFileWriter(new NewFile(path), columns, settings)) {
            appendAll(file, columns, rows);
            return file.finish();
        }
    }

    /** A row of these values. */
    public static @Nullable Object[] row(@Nullable Object... values) {
        return values;
    }

    /** Rows of one column. */
    static List<@Nullable Object[]> ofColumn(@Nullable Object... values) {
        return Arrays.stream(values)
                .map(value -> new @Nullable Object[] {value})
                .toList();
    }

    private static void put(RowWriter writer, int i, Column column, @Nullable Object value) {
        if (value == null) {
            return;
        }
        switch (column.type().kind()) {
            case STRING -> writer.putString(i, ((String) value).getBytes(UTF_8));
            case BOOLEAN -> writer.putBoolean(i, (Boolean) value);
            case BYTE -> writer.putByte(i, (Byte) value);
            case SHORT -> writer.putShort(i, (Short) value);
            case INTEGER, DATE -> writer.putInt(i, (Integer) value);
            case LONG, TIMESTAMP, TIMESTAMP_NTZ -> writer.putLong(i, (Long) value);
            case FLOAT -> writer.putFloat(i, (Float) value);
            case DOUBLE -> writer.putDouble(i, (Double) value);
            case BINARY, DECIMAL, CHAR, VARCHAR, ARRAY, MAP, STRUCT -> throw Supported.unreachable(column.type());
        }
    }
}
