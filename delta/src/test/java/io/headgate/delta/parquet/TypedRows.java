package io.headgate.delta.parquet;

import io.delta.kernel.statistics.DataFileStatistics;
import io.headgate.schema.Column;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowReader;
import io.headgate.schema.RowWriter;
import io.headgate.schema.Rows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of Java values as a log would hand them over, as {@link Rows} has them, but NULL as null in a row: BYTE to LONG,
 * FLOAT, DOUBLE, BOOLEAN and String as themselves, DATE as Integer days, timestamps as Long microseconds.
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
                Object value = row[i];
                if (value != null) {
                    Rows.put(writer, i, columns.get(i).type(), value);
                }
            }
            writer.endRow();
        }
        return writer.payload();
    }

    /** The same of rows as {@link Rows} has them, whose NULL may stay as it is. */
    public static List<@Nullable Object[]> of(List<List<Object>> rows) {
        return rows.stream().<@Nullable Object[]>map(List::toArray).toList();
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
    public static DataFileStatistics write(
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
}
