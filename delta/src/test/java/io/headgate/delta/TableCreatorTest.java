package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.TableSchema;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableCreatorTest {
    private static final TableName NAME = TableName.parse("main.fleet.t");

    @TempDir
    Path root;

    private TableSchema create(List<Column> columns) throws Exception {
        return create(columns, List.of());
    }

    private TableSchema create(List<Column> columns, List<String> partitionBy) throws Exception {
        return new TableCreator(new DirectoryCatalog(root)).create(NAME, columns, partitionBy);
    }

    private static final List<ColumnType> EVERY_TYPE = Stream.concat(
                    ColumnType.PLAIN.stream(),
                    Stream.of(
                            new ColumnType.Decimal(38, 9),
                            new ColumnType.Char(3),
                            new ColumnType.Varchar(20),
                            new ColumnType.Array(ColumnType.LONG, false),
                            new ColumnType.Map(ColumnType.DATE, new ColumnType.Varchar(5), true),
                            new ColumnType.Struct(List.of(
                                    new Column("a", new ColumnType.Char(2), false),
                                    new Column("b", new ColumnType.Array(new ColumnType.Decimal(9, 2), true), true)))))
            .toList();

    @Test
    void aTableOfEveryType() throws Exception {
        List<Column> columns = new ArrayList<>();
        for (ColumnType type : EVERY_TYPE) {
            columns.add(new Column("c" + columns.size(), type, type != ColumnType.STRING));
        }
        TableSchema created = create(columns);

        assertEquals(columns, created.columns());
        assertEquals(created, new DirectoryCatalog(root).load(NAME).orElseThrow());
        JsonNode properties = metadata().get("configuration");
        assertEquals("100", properties.get("delta.checkpointInterval").asText());
        assertEquals("WriteSerializable", properties.get("delta.isolationLevel").asText());
    }

    @Test
    void timestampsWithoutZoneBringTheirFeature() throws Exception {
        create(List.of(new Column("local", ColumnType.TIMESTAMP_NTZ, true)));
        String log = Files.readString(root.resolve("main/fleet/t/_delta_log/00000000000000000000.json"));
        assertTrue(log.contains("timestampNtz"), log);
    }

    @Test
    void othersNeedNoFeature() throws Exception {
        create(TestTable.COLUMNS);
        String log = Files.readString(root.resolve("main/fleet/t/_delta_log/00000000000000000000.json"));
        assertFalse(log.contains("Features"), "older readers read the table: " + log);
    }

    @Test
    void aTableIsCreatedOnce() throws Exception {
        TableSchema first = create(TestTable.COLUMNS);
        FileAlreadyExistsException exists =
                assertThrows(FileAlreadyExistsException.class, () -> create(TestTable.COLUMNS));
        assertTrue(String.valueOf(exists.getMessage()).contains("main.fleet.t already"), exists.getMessage());
        assertEquals(first, new DirectoryCatalog(root).load(NAME).orElseThrow());
    }

    @Test
    void ofManyCreatorsOneWins() throws Exception {
        int creators = 4;
        CyclicBarrier together = new CyclicBarrier(creators);
        ExecutorService threads = Executors.newFixedThreadPool(creators);
        try {
            List<Callable<TableSchema>> tries = new ArrayList<>();
            for (int i = 0; i < creators; i++) {
                Column column = new Column("of_" + i, ColumnType.LONG, true);
                tries.add(() -> {
                    together.await();
                    return create(List.of(column));
                });
            }
            List<TableSchema> created = new ArrayList<>();
            for (Future<TableSchema> outcome : threads.invokeAll(tries)) {
                try {
                    created.add(outcome.get());
                } catch (ExecutionException e) {
                    assertTrue(e.getCause() instanceof FileAlreadyExistsException, e.toString());
                }
            }
            assertEquals(List.of(new DirectoryCatalog(root).load(NAME).orElseThrow()), created);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void columnsThatDeltaForbidsAreRefused() {
        Column column = new Column("a", ColumnType.LONG, true);
        assertThrows(IllegalArgumentException.class, () -> create(List.of()));
        assertThrows(IllegalArgumentException.class, () -> create(List.of(column, column)));
        assertThrows(IllegalArgumentException.class, () -> create(List.of(new Column("a b", ColumnType.LONG, true))));
        assertFalse(Files.exists(root.resolve("main")), "nothing is left of it");
    }

    @Test
    void aTableIsPartitionedByColumnsThatItHasBesideOthers() throws Exception {
        List<Column> columns = List.of(
                new Column("a", ColumnType.LONG, true),
                new Column("b", ColumnType.STRING, true),
                new Column("c", ColumnType.DATE, true));
        for (List<String> refused : List.of(List.of("d"), List.of("a", "b", "c"), List.of("b", "b"))) {
            assertThrows(IllegalArgumentException.class, () -> create(columns, refused), refused::toString);
        }
        assertFalse(Files.exists(root.resolve("main")), "nothing is left of it");
        TableSchema schema = create(columns, List.of("c", "b"));
        assertEquals(List.of("c", "b"), schema.partitionColumns());
        assertEquals("[\"c\",\"b\"]", metadata().get("partitionColumns").toString());
    }

    private JsonNode metadata() throws Exception {
        return Files.readAllLines(root.resolve("main/fleet/t/_delta_log/00000000000000000000.json")).stream()
                .map(TestTable::json)
                .filter(action -> action.has("metaData"))
                .findFirst()
                .orElseThrow()
                .get("metaData");
    }
}
