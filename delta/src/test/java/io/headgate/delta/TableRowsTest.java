package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.model.StreamRange;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowWriter;
import io.headgate.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableRowsTest {
    private static final TableName NAME = TableName.parse("main.fleet.t");

    @TempDir
    Path root;

    private String rows(long limit) throws Exception {
        StringBuilder out = new StringBuilder();
        new TableRows(new DirectoryCatalog(root)).write(NAME, limit, out);
        return out.toString();
    }

    private void commit(List<Column> columns, Consumer<RowWriter> values) throws Exception {
        TableSchema schema = new TableCreator(new DirectoryCatalog(root)).create(NAME, columns);
        RowWriter row = new RowWriter(RowLayout.of(columns), 64, 1 << 20, bytes -> true);
        row.beginRow();
        values.accept(row);
        row.endRow();
        LoggedTable table = new LoggedTable(
                schema.id(), NAME, root.resolve(schema.location()).toString());
        LogEntry entry =
                new LogEntry(0, new LoggedSchema(table, schema.schemaJson()), 1, 0, List.of(), 100, row.payload());
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        StreamRange range = new StreamRange(0, 1);
        TableSnapshot base = writer.load(table);
        DataFile file = writer.write(table, base, range, 0, entries -> entries.accept(entry));
        writer.commit(table, base, range, file);
    }

    @Test
    void everyTypeIsShown() throws Exception {
        List<Column> columns = List.of(
                new Column("s", ColumnType.STRING, true),
                new Column("b", ColumnType.BOOLEAN, true),
                new Column("i1", ColumnType.BYTE, true),
                new Column("i2", ColumnType.SHORT, true),
                new Column("i4", ColumnType.INTEGER, true),
                new Column("i8", ColumnType.LONG, true),
                new Column("f", ColumnType.FLOAT, true),
                new Column("d", ColumnType.DOUBLE, true),
                new Column("date", ColumnType.DATE, true),
                new Column("ts", ColumnType.TIMESTAMP, true),
                new Column("ntz", ColumnType.TIMESTAMP_NTZ, true),
                new Column("none", ColumnType.STRING, true));
        commit(columns, row -> {
            row.putString(0, "quote \" \\ line\n\u0001 \u00e9 \ud83d\ude80".getBytes(StandardCharsets.UTF_8));
            row.putBoolean(1, true);
            row.putByte(2, Byte.MIN_VALUE);
            row.putShort(3, Short.MIN_VALUE);
            row.putInt(4, Integer.MIN_VALUE);
            row.putLong(5, Long.MIN_VALUE);
            row.putFloat(6, 0.1f);
            row.putDouble(7, Double.NaN);
            row.putInt(8, -1);
            row.putLong(9, -1);
            row.putLong(10, 1_700_000_000_000_000L);
        });
        assertEquals(
                "{\"s\":\"quote \\\" \\\\ line\\n\\u0001 \u00e9 \ud83d\ude80\",\"b\":true,\"i1\":-128,\"i2\":-32768,"
                        + "\"i4\":-2147483648,\"i8\":-9223372036854775808,\"f\":0.1,\"d\":\"NaN\",\"date\":\"1969-12-31\","
                        + "\"ts\":\"1969-12-31T23:59:59.999999Z\",\"ntz\":\"2023-11-14T22:13:20\",\"none\":null}\n",
                rows(10));
    }

    @Test
    void noMoreThanTheLimit() throws Exception {
        TestTable table = TestTable.create(root);
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot first = table.commit(writer, writer.load(table.logged()), new StreamRange(0, 3));
        table.commit(writer, first, new StreamRange(3, 6));
        TableRows rows = new TableRows(table.catalog());
        for (int limit : new int[] {0, 1, 6, 7, 12, 13}) {
            StringBuilder out = new StringBuilder();
            assertEquals(Math.min(limit, 12), rows.write(TestTable.name(), limit, out));
            assertEquals(Math.min(limit, 12), out.toString().lines().count());
        }
    }

    @Test
    void aTableThatIsNotThereIsSaidSo() {
        assertThrows(NoSuchFileException.class, () -> rows(1));
    }
}
