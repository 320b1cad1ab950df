package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.parquet.TypedRows;
import io.headgate.model.Seed;
import io.headgate.model.StreamRange;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RandomRows;
import io.headgate.schema.Rows;
import io.headgate.schema.SchemaJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables with columns that consist of values: written, committed, and read by Kernel. */
class NestedTablesTest {
    private static final String PROTOCOL = "{\"minReaderVersion\":3,\"minWriterVersion\":7,"
            + "\"readerFeatures\":[\"columnMapping\",\"timestampNtz\"],"
            + "\"writerFeatures\":[\"columnMapping\",\"timestampNtz\"]}";

    @TempDir
    Path root;

    private TestTable table(Path at, List<Column> columns, String mode) throws Exception {
        TestTable table = TestTable.create(at, PROTOCOL, "{}");
        table.foreignMetadata(metadata -> {
            metadata.put("schemaString", SchemaJson.write(columns));
            ((ObjectNode) metadata.get("configuration"))
                    .put("delta.columnMapping.mode", mode)
                    .put("delta.columnMapping.maxColumnId", "10000")
                    .put("delta.dataSkippingNumIndexedCols", "-1");
        });
        return table;
    }

    private static TableSnapshot commit(
            TestTable table, DeltaTableWriter writer, long from, List<Column> acceptedUnder, List<List<Object>> rows)
            throws Exception {
        StreamRange range = new StreamRange(from, from + 1);
        TableSnapshot base = writer.load(table.logged());
        DataFile file = writer.write(
                table.logged(),
                base,
                range,
                0,
                entries -> entries.accept(table.entry(from, acceptedUnder, TypedRows.of(rows))));
        return writer.commit(table.logged(), base, range, file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "name", "id"})
    void randomRowsAreReadAsWritten(String mode) throws Exception {
        Random random = Seed.forTest("NestedTablesTest").random();
        RandomRows any = RandomRows.asDeclared(random);
        for (int round = 0; round < 15; round++) {
            List<Column> columns = MappedColumns.of(any.columns(6));
            TestTable table = table(Files.createDirectory(root.resolve("t" + round)), columns, mode);
            List<List<Object>> rows = new ArrayList<>();
            for (int i = 1 + random.nextInt(30); i > 0; i--) {
                rows.add(any.row(columns));
            }
            DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
            commit(table, writer, 0, columns, rows);
            assertEquals(rows, JsonRows.of(table, columns), columns::toString);
            assertEquals(0, writer.upkeepFailures());
        }
    }

    @Test
    void renamedFieldsKeepTheirValuesAndStatisticsTheirNames() throws Exception {
        List<Column> columns = MappedColumns.of(List.of(new Column(
                "s",
                new ColumnType.Struct(
                        List.of(new Column("x", ColumnType.INTEGER, true), new Column("y", ColumnType.STRING, true))),
                true)));
        TestTable table = table(root, columns, "name");
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        List<List<Object>> rows = List.of(List.of(List.of(7, "a")));
        commit(table, writer, 0, columns, rows);

        List<Column> renamed = SchemaJson.parse(
                SchemaJson.write(columns).replace("\"x\"", "\"w\"").replace("\"integer\"", "\"long\""));
        table.foreignMetadata(metadata -> metadata.put("schemaString", SchemaJson.write(renamed)));
        commit(table, writer, 1, columns, rows);
        commit(table, writer, 2, renamed, List.of(List.of(List.of(1L << 40, Rows.NULL))));
        JsonNode statistics = TestTable.json(
                table.action(table.latestVersion(), "add").get("stats").asText());
        assertEquals(
                "{\"col-1\":{\"col-2\":1099511627776}}",
                statistics.get("minValues").toString());
        assertEquals(
                "{\"col-1\":{\"col-2\":0,\"col-3\":1}}",
                statistics.get("nullCount").toString());
        JsonNode before = TestTable.json(table.action(2, "add").get("stats").asText());
        assertEquals(
                "{\"col-1\":{\"col-2\":7,\"col-3\":\"a\"}}",
                before.get("minValues").toString());
    }

    @Test
    void aRowWithAFieldThatWasDroppedIsPutAside() throws Exception {
        List<Column> columns = List.of(
                new Column("seq", ColumnType.LONG, false),
                new Column(
                        "a",
                        new ColumnType.Array(
                                new ColumnType.Struct(List.of(
                                        new Column("x", ColumnType.INTEGER, true),
                                        new Column("y", ColumnType.INTEGER, true))),
                                true),
                        true));
        List<Column> target = List.of(
                columns.get(0),
                new Column(
                        "a",
                        new ColumnType.Array(
                                new ColumnType.Struct(List.of(
                                        new Column("added", ColumnType.STRING, true),
                                        new Column("y", ColumnType.INTEGER, true))),
                                true),
                        true));
        TestTable table = table(root, target, "none");
        commit(
                table,
                TestTable.writer("log-1", new LocalStorage()),
                0,
                columns,
                List.of(
                        List.of(0L, List.of(List.of(Rows.NULL, 1), Rows.NULL)),
                        List.of(1L, List.of(List.of(5, 1))),
                        List.of(2L, Rows.NULL)));
        assertEquals(
                List.of(List.of(0L, List.of(List.of(Rows.NULL, 1), Rows.NULL)), List.of(2L, Rows.NULL)),
                JsonRows.of(table, target));
        assertEquals(List.of(1L), table.seqsRejected());
        assertEquals(Set.of("column 'a.element.x' was dropped, and has a value here"), table.rejectedReasons());
    }

    @Test
    void clusteringFieldsHaveStatisticsUnderTheirPhysicalNames() throws Exception {
        List<Column> columns = MappedColumns.of(List.of(
                new Column("a", ColumnType.LONG, true),
                new Column(
                        "s",
                        new ColumnType.Struct(List.of(
                                new Column("x", ColumnType.LONG, true), new Column("y", ColumnType.LONG, true))),
                        true)));
        TestTable table = TestTable.create(
                root,
                "{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"columnMapping\"],"
                        + "\"writerFeatures\":[\"columnMapping\",\"clustering\",\"domainMetadata\"]}",
                "{}",
                "{\"domainMetadata\":{\"domain\":\"delta.clustering\",\"configuration\":"
                        + "\"{\\\"clusteringColumns\\\":[[\\\"col-2\\\",\\\"col-3\\\"]]}\",\"removed\":false}}");
        table.foreignMetadata(metadata -> {
            metadata.put("schemaString", SchemaJson.write(columns));
            ((ObjectNode) metadata.get("configuration"))
                    .put("delta.columnMapping.mode", "name")
                    .put("delta.columnMapping.maxColumnId", "4")
                    .put("delta.dataSkippingNumIndexedCols", "1");
        });
        commit(table, TestTable.writer("log-1", new LocalStorage()), 0, columns, List.of(List.of(1L, List.of(2L, 3L))));
        JsonNode statistics = TestTable.json(table.action(2, "add").get("stats").asText());
        assertEquals(
                "{\"col-1\":1,\"col-2\":{\"col-3\":2}}",
                statistics.get("minValues").toString());
        assertNull(statistics.get("nullCount").get("col-2").get("col-4"), "not beyond what is asked for");
    }
}
