package io.headgate.delta;

import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.RangeTooWideException;
import io.headgate.batching.TableChangedException;
import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.model.StreamRange;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowWriter;
import io.headgate.schema.TableSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Runs whole commits to a table of its own, which is gone afterwards: loads and warms all classes on their path. */
final class WarmUp {
    private static final TableName NAME = TableName.parse("warm.up.table");
    private static final String RUN = "0000000000000000"; // nobody else's, in a directory of its own
    private static final int COMMITS = 3;
    private static final List<Column> COLUMNS = ColumnType.PLAIN.stream()
            .map(type -> new Column(type.deltaName(), type, true))
            .toList();

    private WarmUp() {}

    static void run(Path scratch) throws IOException {
        Path root = Files.createTempDirectory(Files.createDirectories(scratch), "warm-up-");
        try {
            commit(root, new TableCreator(new DirectoryCatalog(root)).create(NAME, COLUMNS));
        } catch (TableChangedException | RangeTooWideException e) {
            throw new IOException("The table for the warm-up was changed: " + e.getMessage(), e);
        } finally {
            remove(root);
        }
    }

    private static void commit(Path root, TableSchema schema)
            throws TableChangedException, RangeTooWideException, IOException {
        LoggedTable table = new LoggedTable(schema.id(), NAME, schema.location());
        DeltaTableWriter writer = new DeltaTableWriter(
                root,
                "warm-up",
                RUN,
                ParquetSettings.DEFAULT,
                PartitionLimits.DEFAULT,
                InstantSource.system(),
                Runnable::run);
        TableSnapshot base = writer.load(table);
        for (int i = 0; i < COMMITS; i++) {
            StreamRange range = new StreamRange(i, i + 1L);
            LogEntry entry = new LogEntry(i, new LoggedSchema(table, schema.schemaJson()), 1, 0, List.of(), 0, row());
            DataFile file = writer.write(table, base, range, 0, entries -> entries.accept(entry));
            base = writer.commit(table, base, range, file);
        }
    }

    private static ByteBuffer row() {
        RowWriter row = new RowWriter(RowLayout.of(COLUMNS), 256, 1 << 10, bytes -> true);
        row.beginRow();
        for (int i = 0; i < COLUMNS.size(); i++) {
            put(row, i, COLUMNS.get(i).type());
        }
        row.endRow();
        return row.payload();
    }

    private static void put(RowWriter row, int column, ColumnType type) {
        switch (type.kind()) {
            case STRING, BINARY -> row.putString(column, "warm".getBytes(StandardCharsets.UTF_8));
            case BOOLEAN -> row.putBoolean(column, true);
            case BYTE -> row.putByte(column, (byte) 1);
            case SHORT -> row.putShort(column, (short) 1);
            case INTEGER, DATE -> row.putInt(column, 1);
            case LONG, TIMESTAMP, TIMESTAMP_NTZ -> row.putLong(column, 1);
            case FLOAT -> row.putFloat(column, 1);
            case DOUBLE -> row.putDouble(column, 1);
            case DECIMAL, CHAR, VARCHAR, ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type.sqlName());
        }
    }

    private static void remove(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
