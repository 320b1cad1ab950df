package io.headgate.delta;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.headgate.batching.LogEntry;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RowJson;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowReader;
import io.headgate.schema.RowWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Puts rows that do not fit the table any more into a {@link RejectedFile}, with all that it takes to find their request
 * and to load them again: what the row was, as JSON, and the Delta schema that it was accepted under. For one thread.
 */
final class RejectedRows implements AutoCloseable {
    private static final List<Column> COLUMNS = List.of(
            new Column("position", ColumnType.LONG, false),
            new Column("record", ColumnType.INTEGER, false),
            new Column("receive_time", ColumnType.TIMESTAMP, false),
            new Column("reason", ColumnType.STRING, false),
            new Column("row", ColumnType.STRING, false),
            new Column("schema", ColumnType.STRING, false),
            new Column("records", ColumnType.INTEGER, false));

    private static final int[] SAME = {0, 1, 2, 3, 4, 5, 6};
    private static final RowLayout LAYOUT = RowLayout.of(COLUMNS);
    private static final int INITIAL_BYTES = 1024;
    private static final JsonFactory JSON = new JsonFactory();

    private final Storage storage;
    private final Path table;
    private final RowFile file;
    private final RowReader reader = new RowReader(LAYOUT);

    /**
     * @param table the table's directory
     * @param to where in it the rows go
     */
    RejectedRows(Storage storage, Path table, RejectedFile to, ParquetSettings settings) {
        this.storage = storage;
        this.table = table;
        file = new RowFile(storage, to.path(), COLUMNS, settings.withIndexedColumns(0));
    }

    long rowCount() {
        return file.rowCount();
    }

    /**
     * Takes a reader's current row.
     *
     * @param record which of the entry's rows it is, from 0
     * @param columns what the row was accepted under
     */
    void append(LogEntry entry, int record, String reason, RowReader row, List<Column> columns) throws IOException {
        if (file.rowCount() == 0) {
            RejectedFile.prepareDirectory(storage, table);
        }
        RowWriter out = new RowWriter(LAYOUT, INITIAL_BYTES, Integer.MAX_VALUE, bytes -> true);
        out.beginRow();
        out.putLong(0, entry.position());
        out.putInt(1, record);
        out.putLong(2, TimeUnit.MILLISECONDS.toMicros(entry.receiveTimeMillis()));
        out.putString(3, reason.getBytes(StandardCharsets.UTF_8));
        out.putString(4, json(row, columns));
        out.putString(5, entry.schema().schemaJson().getBytes(StandardCharsets.UTF_8));
        out.putInt(6, entry.rowCount());
        out.endRow();
        reader.wrap(out.payload()).next();
        file.append(reader, SAME);
    }

    private static byte[] json(RowReader row, List<Column> columns) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            RowJson.write(row, columns, json);
        }
        return bytes.toByteArray();
    }

    /** Returns once the file and its name are on the medium, if there was a row. */
    void finish() throws IOException {
        file.finish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
