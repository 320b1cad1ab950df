package io.headgate.delta.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.delta.kernel.statistics.DataFileStatistics;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RowReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetDataFileWriterTest {
    private static final List<Column> COLUMNS = List.of(
            new Column("id", ColumnType.LONG, false),
            new Column("name", ColumnType.STRING, true),
            new Column("value", ColumnType.DOUBLE, true));

    @TempDir
    private Path directory;

    @Test
    void oneRowMakesAFile() throws Exception {
        Path path = directory.resolve("one");
        DataFileStatistics statistics = TypedRows.write(path, COLUMNS, ParquetSettings.DEFAULT, rows(1));
        assertEquals(1, statistics.getNumRecords());
        assertArrayEquals(
                TypedRows.row(0L, "name 0", 0.0), ParquetJava.rows(path).get(0));
    }

    @Test
    void noRowMakesAValidFileToo() throws Exception {
        Path path = directory.resolve("none");
        DataFileStatistics statistics = TypedRows.write(path, COLUMNS, ParquetSettings.DEFAULT, List.of());
        assertEquals(0, statistics.getNumRecords());
        assertTrue(statistics.getMinValues().isEmpty());
        try (Duck duck = new Duck()) {
            assertEquals(
                    0L,
                    duck.query(path, "SELECT count(*) FROM read_parquet($file)").get(0)[0]);
        }
    }

    @Test
    void columnsAreFoundByTheMappingAndThoseThatTheRowLacksAreNull() throws Exception {
        Path path = directory.resolve("mapped");
        List<Column> target = List.of(
                new Column("new", ColumnType.STRING, true),
                new Column("value", ColumnType.DOUBLE, true),
                new Column("id", ColumnType.LONG, false));
        try (ParquetDataFileWriter file =
                new ParquetDataFileWriter(new NewFile(path), target, ParquetSettings.DEFAULT)) {
            RowReader reader = TypedRows.reader(COLUMNS, rows(2));
            while (reader.next()) {
                file.append(reader, new int[] {-1, 2, 0});
            }
            assertEquals(2, file.finish().getNumRecords());
        }
        assertArrayEquals(TypedRows.row(null, 0.0, 0L), ParquetJava.rows(path).get(0));
        assertArrayEquals(TypedRows.row(null, 0.5, 1L), ParquetJava.rows(path).get(1));
    }

    @Test
    void payloadsNeedNotBeOnTheHeap() throws Exception {
        Path path = directory.resolve("direct");
        RowReader onHeap = TypedRows.reader(COLUMNS, rows(100));
        ByteBuffer direct = ByteBuffer.allocateDirect(onHeap.buffer().capacity());
        direct.put(onHeap.buffer().duplicate()).flip();
        try (ParquetDataFileWriter file =
                new ParquetDataFileWriter(new NewFile(path), COLUMNS, ParquetSettings.DEFAULT)) {
            onHeap.wrap(direct);
            while (onHeap.next()) {
                file.append(onHeap, new int[] {0, 1, 2});
            }
            file.finish();
        }
        assertRowsEqual(rows(100), ParquetJava.rows(path));
    }

    @Test
    void manyRowGroupsHoldAllRowsInOrderAndEachKeepsItsLimit() throws Exception {
        Path path = directory.resolve("groups");
        ParquetSettings settings = new ParquetSettings(32 << 10, 4 << 10, 4 << 10, 1, 32, "Test version 1");
        List<@Nullable Object[]> rows = rows(50_000);
        DataFileStatistics statistics = TypedRows.write(path, COLUMNS, settings, rows);

        List<BlockMetaData> groups = ParquetJava.footer(path).getBlocks();
        assertTrue(groups.size() > 1, "row groups: " + groups.size());
        assertEquals(50_000, statistics.getNumRecords());
        for (BlockMetaData group : groups) {
            assertTrue(group.getCompressedSize() <= settings.rowGroupBytes() * 11 / 10, group.toString());
        }
        assertRowsEqual(rows, ParquetJava.rows(path));
        try (Duck duck = new Duck()) {
            assertRowsEqual(rows, duck.query(path, "SELECT * FROM read_parquet($file)"));
        }
    }

    @Test
    void longStringsAfterShortOnesDoNotSlipPastTheLimit() throws Exception {
        Path path = directory.resolve("long");
        ParquetSettings settings = new ParquetSettings(1 << 20, 64 << 10, 64 << 10, 1, 32, "Test version 1");
        List<Column> columns = List.of(new Column("c", ColumnType.STRING, true));
        List<@Nullable Object[]> rows = new ArrayList<>(
                TypedRows.ofColumn(Stream.generate(() -> "x").limit(5_000).toArray()));
        for (int i = 0; i < 40; i++) {
            rows.add(TypedRows.row(i + "y".repeat(300_000)));
        }
        TypedRows.write(path, columns, settings, rows);
        // A page is compressed once it is full: until then all of it was in memory.
        assertTrue(ParquetJava.largestPageBytes(path) <= settings.rowGroupBytes() + 2 * 300_000);
        assertRowsEqual(rows, ParquetJava.rows(path));
    }

    @Test
    void pagesAreZstdAndRepeatedValuesMakeADictionary() throws Exception {
        Path path = directory.resolve("encoding");
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (long i = 0; i < 50_000; i++) {
            rows.add(TypedRows.row(i * 1_000_003, "firmware " + i % 3, i / 7.0));
        }
        TypedRows.write(path, COLUMNS, ParquetSettings.DEFAULT, rows);
        List<ColumnChunkMetaData> chunks =
                ParquetJava.footer(path).getBlocks().get(0).getColumns();
        for (ColumnChunkMetaData chunk : chunks) {
            assertEquals(CompressionCodecName.ZSTD, chunk.getCodec());
        }
        assertTrue(chunks.get(0).getEncodingStats().hasNonDictionaryEncodedPages());
        assertTrue(chunks.get(1).getEncodingStats().hasDictionaryPages());
        assertEquals(false, chunks.get(1).getEncodingStats().hasNonDictionaryEncodedPages());
    }

    @Test
    void theFileSaysThatWeWroteIt() throws Exception {
        Path path = directory.resolve("created");
        TypedRows.write(path, COLUMNS, ParquetSettings.DEFAULT, rows(1));
        assertEquals(
                "Headgate version 0.1.0",
                ParquetJava.footer(path).getFileMetaData().getCreatedBy());
    }

    /** Spark takes NaN for greater than any number; Parquet's bounds leave it out. */
    @Test
    void rowsWithNaNAreNotSkippedByReadersToWhomNaNIsTheGreatest() throws Exception {
        Path path = directory.resolve("nan");
        List<Column> columns =
                List.of(new Column("f", ColumnType.FLOAT, true), new Column("d", ColumnType.DOUBLE, true));
        TypedRows.write(
                path,
                columns,
                ParquetSettings.DEFAULT,
                List.<@Nullable Object[]>of(TypedRows.row(1f, 1.0), TypedRows.row(Float.NaN, 2.0)));
        List<ColumnChunkMetaData> chunks =
                ParquetJava.footer(path).getBlocks().get(0).getColumns();
        assertEquals(null, chunks.get(0).getColumnIndexReference());
        assertTrue(chunks.get(1).getColumnIndexReference() != null);
        assertEquals(2, ParquetJava.rowsNotSkipped(path, FilterApi.gt(FilterApi.floatColumn("f"), 5f)));
        assertEquals(0, ParquetJava.rowsNotSkipped(path, FilterApi.gt(FilterApi.doubleColumn("d"), 5.0)));
        try (Duck duck = new Duck()) {
            List<@Nullable Object[]> bounds = duck.query(
                    path,
                    "SELECT coalesce(stats_min_value, stats_min), coalesce(stats_max_value, stats_max) FROM parquet_metadata($file) ORDER BY column_id");
            assertArrayEquals(TypedRows.row(null, null), bounds.get(0));
            assertArrayEquals(TypedRows.row("1.0", "2.0"), bounds.get(1));
        }
    }

    @Test
    void anUnfinishedFileIsNeverPublished() throws Exception {
        try (ParquetDataFileWriter file = new ParquetDataFileWriter(
                new NewFile(directory.resolve("aborted")), COLUMNS, ParquetSettings.DEFAULT)) {
            TypedRows.appendAll(file, COLUMNS, rows(10));
        }
        assertNothingLeft();
    }

    @Test
    void nullForANotNullColumnNamesItAndPublishesNothing() throws Exception {
        List<Column> tightened = List.of(COLUMNS.get(0), new Column("name", ColumnType.STRING, false));
        try (ParquetDataFileWriter file =
                new ParquetDataFileWriter(new NewFile(directory.resolve("null")), tightened, ParquetSettings.DEFAULT)) {
            RowReader reader = TypedRows.reader(COLUMNS, List.<@Nullable Object[]>of(TypedRows.row(1L, null, null)));
            reader.next();
            IllegalArgumentException thrown =
                    assertThrows(IllegalArgumentException.class, () -> file.append(reader, new int[] {0, 1}));
            assertTrue(thrown.toString().contains("'name' is NOT NULL"), thrown.toString());
            assertThrows(IllegalStateException.class, () -> file.append(reader, new int[] {0, 1}));
            assertThrows(IllegalStateException.class, file::finish);
        }
        assertNothingLeft();
    }

    @Test
    void aFinishedFileTakesNothingMore() throws Exception {
        Path path = directory.resolve("finished");
        try (ParquetDataFileWriter file =
                new ParquetDataFileWriter(new NewFile(path), COLUMNS, ParquetSettings.DEFAULT)) {
            file.finish();
            assertThrows(IllegalStateException.class, file::finish);
        }
        assertTrue(Files.exists(path));
    }

    @Test
    void whateverDiskCallFailsNothingIsPublishedAndNothingLeft() throws Exception {
        ParquetSettings settings = new ParquetSettings(4096, 1024, 1024, 1, 32, "Test version 1");
        for (int failing = 1; ; failing++) {
            FailingFile out = new FailingFile(new NewFile(directory.resolve("failing" + failing)), failing);
            try (ParquetDataFileWriter file = new ParquetDataFileWriter(out, COLUMNS, settings)) {
                TypedRows.appendAll(file, COLUMNS, rows(300));
                file.finish();
                assertTrue(failing > 5, "calls made: " + failing);
                return;
            } catch (IOException e) {
                assertEquals(FailingFile.MESSAGE, e.getMessage());
            }
            assertNothingLeft();
        }
    }

    @Test
    void outputsThatCannotBeAbortedAreRefused() {
        LocalOutputFile plain = new LocalOutputFile(directory.resolve("plain"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ParquetDataFileWriter(plain, COLUMNS, ParquetSettings.DEFAULT));
    }

    @Test
    void aFileNeedsAColumn() throws Exception {
        NewFile out = new NewFile(directory.resolve("no columns"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ParquetDataFileWriter(out, List.of(), ParquetSettings.DEFAULT));
        assertNothingLeft();
    }

    @Test
    void columnNamesMayHoldAnyCharacter() throws Exception {
        Path path = directory.resolve("names");
        String name = "a.b c;\"\u00e9\ud83d\ude80";
        List<Column> columns =
                List.of(new Column(name, ColumnType.LONG, true), new Column("A.b", ColumnType.LONG, true));
        DataFileStatistics statistics = TypedRows.write(
                path, columns, ParquetSettings.DEFAULT, List.<@Nullable Object[]>of(TypedRows.row(1L, 2L)));
        assertTrue(statistics.getMinValues().containsKey(new io.delta.kernel.expressions.Column(name)));
        try (Duck duck = new Duck()) {
            assertEquals(
                    name,
                    duck.query(path, "SELECT name FROM parquet_schema($file) OFFSET 1")
                            .get(0)[0]);
            assertArrayEquals(
                    TypedRows.row(1L, 2L),
                    duck.query(path, "SELECT * FROM read_parquet($file)").get(0));
        }
    }

    private void assertNothingLeft() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(), files.toList());
        }
    }

    private static List<@Nullable Object[]> rows(int count) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(TypedRows.row((long) i, i % 10 == 7 ? null : "name " + i, i / 2.0));
        }
        return rows;
    }

    private static void assertRowsEqual(List<@Nullable Object[]> expected, List<@Nullable Object[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), "row " + i);
        }
    }
}
