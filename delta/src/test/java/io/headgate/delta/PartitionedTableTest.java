package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headgate.batching.Landing;
import io.headgate.batching.LogEntry;
import io.headgate.batching.RangeTooWideException;
import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.EntrySource;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.delta.parquet.TypedRows;
import io.headgate.model.StreamRange;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RowJson;
import io.headgate.schema.SchemaJson;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits to partitioned tables: what is written where, and that all of it is read back. */
class PartitionedTableTest {
    private static final StreamRange FIRST = new StreamRange(5, 9);
    private static final List<String> BY_DEVICE = List.of("device");

    @TempDir
    Path root;

    private static DeltaTableWriter writer(PartitionLimits limits) {
        return TestTable.writer("log-1", TestTable.run(), new LocalStorage(), limits);
    }

    /** A value, what stands for it in the table's log, and how SQL gets the value back out of that. */
    private record Case(@Nullable Object value, @Nullable String text, String directory) {
        static Case of(@Nullable Object value, String text) {
            return new Case(value, text, text);
        }
    }

    private static List<Case> cases(ColumnType type) {
        return switch (type.kind()) {
            case STRING ->
                List.of(
                        Case.of("NL", "NL"),
                        new Case("", null, "__HIVE_DEFAULT_PARTITION__"),
                        new Case("a/b=c d", "a/b=c d", "a%2Fb%3Dc d"),
                        Case.of("Ås\ud83d\ude80", "Ås\ud83d\ude80"));
            case BOOLEAN -> List.of(Case.of(true, "true"), Case.of(false, "false"));
            case BYTE -> List.of(Case.of(Byte.MIN_VALUE, "-128"), Case.of((byte) 7, "7"));
            case SHORT -> List.of(Case.of(Short.MIN_VALUE, "-32768"), Case.of((short) 7, "7"));
            case INTEGER -> List.of(Case.of(Integer.MIN_VALUE, "-2147483648"), Case.of(0, "0"));
            case LONG ->
                List.of(Case.of(Long.MIN_VALUE, "-9223372036854775808"), Case.of(1L << 60, "1152921504606846976"));
            case FLOAT ->
                List.of(
                        Case.of(1.5f, "1.5"),
                        Case.of(-0.0f, "-0.0"),
                        Case.of(Float.MAX_VALUE, "3.4028235E38"),
                        Case.of(Float.NaN, "NaN"),
                        Case.of(Float.NEGATIVE_INFINITY, "-Infinity"));
            case DOUBLE ->
                List.of(
                        Case.of(0.1, "0.1"),
                        Case.of(1e10, "1.0E10"),
                        Case.of(Double.NaN, "NaN"),
                        Case.of(Double.POSITIVE_INFINITY, "Infinity"));
            case DATE ->
                List.of(
                        Case.of(20_779, "2026-11-22"),
                        Case.of(-719_162, "0001-01-01"),
                        Case.of(-171_549, "1500-04-26"),
                        Case.of(2_932_896, "9999-12-31"));
            case TIMESTAMP ->
                List.of(
                        new Case(0L, "1970-01-01T00:00:00.000000Z", "1970-01-01T00%3A00%3A00.000000Z"),
                        new Case(-1L, "1969-12-31T23:59:59.999999Z", "1969-12-31T23%3A59%3A59.999999Z"),
                        new Case(
                                1_795_356_351_500_000L,
                                "2026-11-22T14:05:51.500000Z",
                                "2026-11-22T14%3A05%3A51.500000Z"));
            case TIMESTAMP_NTZ ->
                List.of(
                        new Case(0L, "1970-01-01 00:00:00", "1970-01-01 00%3A00%3A00"),
                        new Case(-1L, "1969-12-31 23:59:59.999999", "1969-12-31 23%3A59%3A59.999999"),
                        new Case(1_795_356_351_500_000L, "2026-11-22 14:05:51.5", "2026-11-22 14%3A05%3A51.5"));
            case DECIMAL ->
                List.of(
                        Case.of(new BigDecimal("0.0000000000"), "0.0000000000"),
                        Case.of(
                                new BigDecimal("-1234567890123456789012345678.0000000001"),
                                "-1234567890123456789012345678.0000000001"));
            case CHAR -> List.of(Case.of("a ", "a "), Case.of("NL", "NL"));
            case VARCHAR -> List.of(Case.of("NL", "NL"), new Case("", null, "__HIVE_DEFAULT_PARTITION__"));
            case BINARY, ARRAY, MAP, STRUCT -> throw new IllegalArgumentException(type.sqlName());
        };
    }

    /** What DuckDB makes of the text, and should. */
    private static String sameInSql(ColumnType type, String text, Object value) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return switch (type.kind()) {
            case DATE -> "CAST(" + quoted + " AS DATE) = DATE '1970-01-01' + " + value;
            case TIMESTAMP -> "epoch_us(CAST(" + quoted + " AS TIMESTAMPTZ)) = " + value;
            case TIMESTAMP_NTZ -> "epoch_us(CAST(" + quoted + " AS TIMESTAMP)) = " + value;
            case STRING, CHAR, VARCHAR -> quoted + " = '" + value + "'";
            default ->
                "CAST(" + quoted + " AS " + type.sqlName() + ") = CAST('" + value + "' AS " + type.sqlName() + ")";
        };
    }

    /** All that may partition a table. */
    static final List<ColumnType> TYPES = Stream.concat(
                    ColumnType.PLAIN.stream().filter(type -> type != ColumnType.BINARY),
                    Stream.of(new ColumnType.Decimal(38, 10), new ColumnType.Char(2), new ColumnType.Varchar(100_000)))
            .toList();

    /** A table that is made by somebody else, partitioned by a column. */
    private TestTable partitioned(List<Column> columns, String by, String mappingMode) throws IOException {
        TestTable table = TestTable.create(
                root,
                "{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"columnMapping\",\"timestampNtz\"],"
                        + "\"writerFeatures\":[\"columnMapping\",\"timestampNtz\"]}",
                "{}");
        table.foreignMetadata(metadata -> {
            metadata.put("schemaString", SchemaJson.write(columns));
            metadata.putArray("partitionColumns").add(by);
            ((ObjectNode) metadata.get("configuration"))
                    .put("delta.columnMapping.mode", mappingMode)
                    .put("delta.columnMapping.maxColumnId", "3");
        });
        return table;
    }

    @ParameterizedTest
    @FieldSource("TYPES")
    void valuesOfEachType(ColumnType type) throws Exception {
        List<Column> columns = List.of(
                new Column("seq", ColumnType.LONG, false),
                new Column("p", type, true),
                new Column("note", ColumnType.STRING, true));
        TestTable table = partitioned(columns, "p", "none");
        List<Case> cases = new ArrayList<>(cases(type));
        cases.add(new Case(null, null, "__HIVE_DEFAULT_PARTITION__"));
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 2 * cases.size(); i++) {
            rows.add(TypedRows.row((long) i, cases.get(i % cases.size()).value(), "note " + i));
        }
        commit(table, columns, rows);

        assertEquals(
                cases.stream().map(Case::directory).collect(Collectors.toSet()),
                Arrays.stream(directories(table.location())).collect(Collectors.toSet()));
        Map<Long, @Nullable String> found = partitionOfEachSeq(table, "p");
        for (int i = 0; i < 2 * cases.size(); i++) {
            Case expected = cases.get(i % cases.size());
            assertEquals(expected.text(), found.get((long) i), "of row " + i);
            if (expected.text() != null && expected.value() != null) {
                String same = sameInSql(type, expected.text(), expected.value());
                TestTable.duckDb("SELECT " + same, row -> assertEquals("true", TestTable.textAt(row, 1), same));
            }
        }
        assertEquals(rowsAsJson(table, columns, rows), rowsByKernel(table));
        assertEquals(Set.of("seq", "note"), columnsOfFiles(table));
        JsonNode stats = TestTable.json(adds(table).get(0).get("stats").asText());
        assertFalse(stats.get("nullCount").has("p"), "statistics are of the file's columns");
        DataFileCheck.Result check = DataFileCheck.run(TableVersion.latest(table.catalog(), TestTable.name()), true);
        assertEquals(List.of(), check.problems());
        assertEquals(rows.size(), check.rows());
    }

    private static void commit(TestTable table, List<Column> columns, List<@Nullable Object[]> rows) throws Exception {
        commit(table, 0, columns, rows);
    }

    private static void commit(TestTable table, long position, List<Column> columns, List<@Nullable Object[]> rows)
            throws Exception {
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        StreamRange range = new StreamRange(position, position + 1);
        TableSnapshot base = writer.load(table.logged());
        EntrySource entries = consumer -> consumer.accept(table.entry(position, columns, rows));
        DataFile file = writer.write(table.logged(), base, range, 0, entries);
        writer.commit(table.logged(), base, range, file);
    }

    /** The values in the names of a table's directories. */
    private static String[] directories(Path table) throws IOException {
        try (Stream<Path> children = Files.list(table)) {
            return children.map(child -> child.getFileName().toString())
                    .filter(name -> name.contains("="))
                    .map(name -> name.substring(name.indexOf('=') + 1))
                    .toArray(String[]::new);
        }
    }

    /** By the log's JSON and the files alone: a reader that knows no more than the protocol. */
    private static Map<Long, @Nullable String> partitionOfEachSeq(TestTable table, String column)
            throws IOException, SQLException {
        Map<Long, @Nullable String> found = new LinkedHashMap<>();
        for (JsonNode add : adds(table)) {
            JsonNode value = add.get("partitionValues").get(column);
            Path file = table.location().resolve(TestTable.path(add));
            TestTable.duckDb("SELECT seq FROM read_parquet('" + file + "', hive_partitioning = false)", row -> {
                found.put(Long.parseLong(TestTable.textAt(row, 1)), value.isNull() ? null : value.asText());
            });
        }
        return found;
    }

    private static List<JsonNode> adds(TestTable table) throws IOException {
        List<JsonNode> adds = new ArrayList<>();
        for (long version = 1; version <= table.latestVersion(); version++) {
            for (JsonNode action : table.actions(version)) {
                if (action.has("add")) {
                    adds.add(action.get("add"));
                }
            }
        }
        return adds;
    }

    private static Set<String> columnsOfFiles(TestTable table) throws IOException, SQLException {
        Set<String> columns = new LinkedHashSet<>();
        for (String file : table.liveFiles()) {
            TestTable.duckDb(
                    "SELECT name FROM parquet_schema('" + table.location().resolve(file) + "') OFFSET 1",
                    row -> columns.add(TestTable.textAt(row, 1)));
        }
        return columns;
    }

    private static List<String> rowsByKernel(TestTable table) throws IOException {
        StringBuilder lines = new StringBuilder();
        new TableRows(table.catalog()).write(TestTable.name(), Long.MAX_VALUE, lines);
        return lines.toString().lines().sorted().toList();
    }

    private static List<String> rowsAsJson(TestTable table, List<Column> columns, List<@Nullable Object[]> rows)
            throws IOException {
        List<@Nullable Object[]> expected = rows.stream()
                .map(row -> Arrays.stream(row).map(v -> "".equals(v) ? null : v).toArray())
                .toList();
        StringWriter json = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(json)) {
            out.setRootValueSeparator(new com.fasterxml.jackson.core.io.SerializedString("\n"));
            new RowJson(columns).writeEach(table.entry(0, columns, expected).payload(), out);
        }
        return json.toString().lines().sorted().toList();
    }

    /** Their values and directories have names that stay when the column's changes. */
    @ParameterizedTest
    @ValueSource(strings = {"name", "id"})
    void mappedColumns(String mode) throws Exception {
        List<Column> columns = MappedColumns.of(List.of(
                new Column("seq", ColumnType.LONG, false),
                new Column("p", ColumnType.STRING, true),
                new Column("note", ColumnType.STRING, true)));
        TestTable table = partitioned(columns, "p", mode);
        commit(table, 0, columns, List.of(TypedRows.row(0L, "NL", "a"), TypedRows.row(1L, null, "b")));
        List<Column> renamed = SchemaJson.parse(SchemaJson.write(columns).replace("\"p\"", "\"country\""));
        table.foreignMetadata(metadata -> {
            metadata.put("schemaString", SchemaJson.write(renamed));
            metadata.putArray("partitionColumns").add("country");
        });
        List<@Nullable Object[]> rows =
                List.of(TypedRows.row(2L, "NL", "c"), TypedRows.row(3L, "__HIVE_DEFAULT_PARTITION__", "d"));
        commit(table, 1, columns, rows);
        commit(table, 2, renamed, List.<@Nullable Object[]>of(TypedRows.row(4L, "BE", null)));

        assertEquals(
                List.of("{\"col-2\":\"NL\"}", "{\"col-2\":null}", "{\"col-2\":\"NL\"}", "{\"col-2\":\"BE\"}"),
                adds(table).stream()
                        .map(add -> add.get("partitionValues").toString())
                        .toList());
        assertEquals(
                Set.of("NL", "__HIVE_DEFAULT_PARTITION__", "BE"),
                Arrays.stream(directories(table.location())).collect(Collectors.toSet()));
        assertTrue(table.liveFiles().stream().allMatch(file -> file.startsWith("col-2=")), table.liveFiles()::toString);
        assertEquals(Set.of("col-1", "col-3"), columnsOfFiles(table));
        assertEquals(
                "{\"col-1\":0,\"col-3\":0}",
                TestTable.json(adds(table).get(0).get("stats").asText())
                        .get("nullCount")
                        .toString());
        assertEquals(
                rowsAsJson(
                        table,
                        renamed,
                        List.of(
                                TypedRows.row(0L, "NL", "a"),
                                TypedRows.row(1L, null, "b"),
                                TypedRows.row(2L, "NL", "c"),
                                TypedRows.row(4L, "BE", null))),
                rowsByKernel(table));
        assertEquals(List.of(3L), table.seqsRejected());
        assertEquals(
                Set.of(
                        "column 'country' is what the directory of a partition with NULL is called, and would become NULL"),
                table.rejectedReasons());
        DataFileCheck.Result check = DataFileCheck.run(TableVersion.latest(table.catalog(), TestTable.name()), true);
        assertEquals(List.of(), check.problems());
    }

    @Test
    void filesHaveThePartitionColumnsWhereTheTableAsksForThem() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, BY_DEVICE);
        table.foreignProperty("delta.writePartitionColumnsToParquet", "true");
        table.foreignProperty("delta.dataSkippingNumIndexedCols", "-1");
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        table.commit(writer, writer.load(table.logged()), FIRST);
        assertEquals(List.of("seq", "temp", "at", "device"), List.copyOf(columnsOfFiles(table)));
        Map<Long, @Nullable String> partitions = partitionOfEachSeq(table, "device");
        String files = table.liveFiles().stream()
                .map(file -> "'" + table.location().resolve(file) + "'")
                .collect(Collectors.joining(","));
        TestTable.duckDb("SELECT seq, device FROM read_parquet([" + files + "], hive_partitioning = false)", row -> {
            assertEquals(partitions.get(Long.parseLong(TestTable.textAt(row, 1))), TestTable.textAt(row, 2));
        });
        assertEquals(TestTable.seqs(FIRST), table.seqsByKernel());
        JsonNode stats = TestTable.json(adds(table).get(0).get("stats").asText());
        assertTrue(stats.get("nullCount").has("at"));
        assertFalse(stats.get("nullCount").has("device"), "it would repeat what the log has");
    }

    /** Each character that Spark escapes and each that it does not, and more of them than partitions may be open. */
    @Test
    void anyCharacterMayBeInAValue() throws Exception {
        List<Column> columns =
                List.of(new Column("seq", ColumnType.LONG, false), new Column("a%b#", ColumnType.STRING, true));
        TestTable table = TestTable.create(root, columns, List.of("a%b#"));
        List<String> values = new ArrayList<>(List.of(
                "..",
                "/etc/passwd",
                "__HIVE_DEFAULT_PARTITION__x",
                "%41",
                " a ",
                "a+b",
                "ÿ\u2028\u00a0\uffff",
                "null"));
        for (char c = 1; c < 128; c++) {
            values.add("x" + c);
            values.add(String.valueOf(c));
        }
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            rows.add(TypedRows.row((long) i, values.get(i)));
        }
        commit(table, columns, rows);

        Map<Long, @Nullable String> found = partitionOfEachSeq(table, "a%b#");
        assertEquals(
                values, LongStream.range(0, values.size()).mapToObj(found::get).toList());
        assertEquals(rowsAsJson(table, columns, rows), rowsByKernel(table));
        assertEquals(values.size(), table.liveFiles().size());
        assertEquals(table.liveFiles(), table.filesThere().stream().collect(Collectors.toSet()));
        Set<String> directories = table.liveFiles().stream()
                .map(file -> file.substring(0, file.indexOf('/')))
                .collect(Collectors.toSet());
        assertTrue(directories.containsAll(Set.of(
                "a%25b%23=x%2F",
                "a%25b%23=%2Fetc%2Fpasswd",
                "a%25b%23=..",
                "a%25b%23=x%0A",
                "a%25b%23=x%7F",
                "a%25b%23=x ",
                "a%25b%23=x}",
                "a%25b%23=x%7B")));
        DataFileCheck.Result check = DataFileCheck.run(TableVersion.latest(table.catalog(), TestTable.name()), true);
        assertEquals(List.of(), check.problems());
    }

    @Test
    void morePartitionsThanMayBeOpenTakeAFurtherPassEach() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, BY_DEVICE);
        DeltaTableWriter writer = writer(new PartitionLimits(3, 1_000));
        StreamRange range = new StreamRange(0, 20);
        AtomicInteger passes = new AtomicInteger();
        TableSnapshot base = writer.load(table.logged());
        DataFile file = writer.write(table.logged(), base, range, 0, consumer -> {
            passes.incrementAndGet();
            table.entries(range).forEach(consumer);
        });
        writer.commit(table.logged(), base, range, file);

        assertEquals(7, passes.get());
        assertEquals(20, table.liveFiles().size(), "a file for each partition");
        assertEquals(table.liveFiles(), table.filesThere());
        assertEquals(TestTable.seqs(range), table.seqsByDuckDb());
        assertEquals(TestTable.seqs(range), table.seqsByKernel());
        assertEquals(TestTable.seqs(range).size(), file.rowCount());
        partitionOfEachSeq(table, "device").forEach((seq, device) -> assertEquals("device-" + seq / 10, device));
    }

    @Test
    void aRangeOfTooManyPartitionsIsToEndBeforeTheEntryThatMakesThemTooMany() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, BY_DEVICE);
        DeltaTableWriter writer = writer(new PartitionLimits(2, 4));
        TableSnapshot base = writer.load(table.logged());
        StreamRange range = new StreamRange(0, 20);
        RangeTooWideException tooWide = assertThrows(
                RangeTooWideException.class, () -> writer.write(table.logged(), base, range, 0, table.entries(range)));
        assertEquals(4, tooWide.to());
        assertEquals(Set.of(), table.filesThere(), "nothing is left of it");

        StreamRange shorter = new StreamRange(0, 4);
        DataFile file = writer.write(table.logged(), base, shorter, 1, table.entries(shorter));
        writer.commit(table.logged(), base, shorter, file);
        assertEquals(TestTable.seqs(shorter), table.seqsByDuckDb());
    }

    @Test
    void oneEntryGoesInHoweverManyPartitionsItIsOf() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, BY_DEVICE);
        DeltaTableWriter writer = writer(new PartitionLimits(2, 4));
        LogEntry many = table.entry(0, TestTable.COLUMNS, rows(9));
        LogEntry other = table.entry(1, TestTable.COLUMNS, rows(1));
        TableSnapshot base = writer.load(table.logged());
        RangeTooWideException tooWide = assertThrows(
                RangeTooWideException.class,
                () -> writer.write(table.logged(), base, new StreamRange(0, 2), 0, consumer -> {
                    consumer.accept(many);
                    consumer.accept(other);
                }));
        assertEquals(1, tooWide.to());

        StreamRange one = new StreamRange(0, 1);
        writer.commit(
                table.logged(),
                base,
                one,
                writer.write(table.logged(), base, one, 1, consumer -> consumer.accept(many)));
        assertEquals(9, table.liveFiles().size());
        assertEquals(9, table.seqsByKernel().size());
    }

    private static List<@Nullable Object[]> rows(int devices) {
        return IntStream.range(0, devices)
                .<@Nullable Object[]>mapToObj(i -> TypedRows.row((long) i, "device " + i, 1.0, null))
                .toList();
    }

    /** Two partitions whose rows together are more than a row group. */
    @Test
    void whatIsHeldInMemoryIsBounded() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, BY_DEVICE);
        ParquetSettings small = new ParquetSettings(64 << 10, 8 << 10, 8 << 10, 1, 32, "Headgate version 0.1.0");
        DeltaTableWriter writer = new DeltaTableWriter(
                Path.of("/"),
                "log-1",
                TestTable.run(),
                small,
                PartitionLimits.DEFAULT,
                InstantSource.system(),
                Runnable::run);
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (long seq = 0; seq < 30_000; seq++) {
            rows.add(TypedRows.row(seq, seq % 3 == 0 ? "small" : "big", seq / 7.0, seq));
        }
        TableSnapshot base = writer.load(table.logged());
        StreamRange range = new StreamRange(0, 1);
        DataFile file = writer.write(
                table.logged(), base, range, 0, consumer -> consumer.accept(table.entry(0, TestTable.COLUMNS, rows)));
        writer.commit(table.logged(), base, range, file);

        assertEquals(LongStream.range(0, 30_000).boxed().toList(), table.seqsByDuckDb());
        int files = table.liveFiles().size();
        assertTrue(files > 2 && files < 40, "the fullest file is finished each time: " + files);
        Map<Long, @Nullable String> found = partitionOfEachSeq(table, "device");
        found.forEach((seq, device) -> assertEquals(seq % 3 == 0 ? "small" : "big", device));
    }

    /** The order that makes it hold, names of new directories included. */
    @Test
    void namesOfDirectoriesAreForcedBeforeTheCommit() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, List.of("device", "temp"));
        FaultyStorage storage = new FaultyStorage();
        DeltaTableWriter writer = TestTable.writer("log-1", TestTable.run(), storage, PartitionLimits.DEFAULT);
        TableSnapshot base = writer.load(table.logged());
        storage.operations().clear();
        StreamRange one = new StreamRange(4, 5);
        table.commit(writer, base, one);

        List<String> steps = storage.operations();
        String data = table.liveFiles().iterator().next();
        assertTrue(data.startsWith("device=device-4/temp=1.0/headgate-log-1-"), data);
        String name = data.substring(data.lastIndexOf('/') + 1);
        assertEquals(
                List.of(
                        "createDirectory device=device-4",
                        "createDirectory temp=1.0",
                        "create " + name,
                        "write " + name,
                        "force " + name,
                        "close " + name,
                        "forceDirectory temp=1.0",
                        "forceDirectory telemetry",
                        "forceDirectory device=device-4"),
                steps.subList(0, 9));
        assertTrue(steps.get(9).startsWith("create ."), "the commit");
        storage.operations().clear();
        table.commit(writer, writer.load(table.logged()), new StreamRange(5, 6));
        assertTrue(storage.operations().contains("forceDirectory telemetry"), "whoever created the directory");
    }

    /** Files of unpartitioned tables keep their name, so do those of rejected rows; parts are told by theirs. */
    @Test
    void filesAreNamedByTheirPart() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, BY_DEVICE);
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        table.commit(writer, writer.load(table.logged()), FIRST);
        Set<DataFileName> names = new HashSet<>();
        Set<String> parts = new HashSet<>();
        for (String file : table.liveFiles()) {
            String name = file.substring(file.lastIndexOf('/') + 1);
            names.add(DataFileName.parse(name).orElseThrow());
            parts.add(name.substring(name.length() - "00000.parquet".length()));
        }
        assertEquals(1, names.size());
        assertEquals(Set.of("00000.parquet", "00001.parquet", "00002.parquet", "00003.parquet"), parts);
    }

    @Test
    void rowsThatCanBeInNoPartitionAreRejected() throws Exception {
        List<Column> columns = List.of(
                new Column("seq", ColumnType.LONG, false),
                new Column("device", ColumnType.STRING, false),
                new Column("day", ColumnType.DATE, true));
        TestTable table = TestTable.create(root, columns, List.of("day", "device"));
        commit(
                table,
                columns,
                List.of(
                        TypedRows.row(1L, "good", 0),
                        TypedRows.row(2L, "", 0),
                        TypedRows.row(3L, "nul\0", 0),
                        TypedRows.row(4L, "x".repeat(300), 0),
                        TypedRows.row(7L, "__HIVE_DEFAULT_PARTITION__", 0),
                        TypedRows.row(5L, "good", 3_000_000),
                        TypedRows.row(6L, "good", -720_000)));
        assertEquals(List.of(1L), table.seqsByDuckDb());
        assertEquals(List.of(2L, 3L, 4L, 5L, 6L, 7L), table.seqsRejected());
        String reasons = String.join("\n", table.rejectedReasons());
        for (String reason : List.of(
                "column 'device' is empty",
                "column 'device' holds a NUL",
                "column 'device' is too long",
                "column 'device' is what the directory of a partition with NULL is called",
                "column 'day' is outside the years 1 to 9999")) {
            assertTrue(reasons.contains(reason), reasons);
        }
    }

    /** More of them than are open: they are rejected once, not in each pass. */
    @Test
    void misfitsAreRejectedOnce() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, BY_DEVICE);
        DeltaTableWriter writer = writer(new PartitionLimits(1, 1_000));
        table.foreignSchema(List.of(
                TestTable.COLUMNS.get(0),
                TestTable.COLUMNS.get(1),
                new Column("temp", ColumnType.STRING, true),
                TestTable.COLUMNS.get(3)));
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (long seq = 0; seq < 12; seq++) {
            rows.add(TypedRows.row(seq, "device " + seq % 4, seq % 3 == 0 ? 1.0 : null, null));
        }
        TableSnapshot base = writer.load(table.logged());
        StreamRange range = new StreamRange(0, 1);
        DataFile file = writer.write(
                table.logged(), base, range, 0, consumer -> consumer.accept(table.entry(0, TestTable.COLUMNS, rows)));
        writer.commit(table.logged(), base, range, file);
        assertEquals(8, file.rowCount());
        assertEquals(4, file.rejectedRows());
        assertEquals(List.of(0L, 3L, 6L, 9L), table.seqsRejected());
        assertEquals(List.of(1L, 2L, 4L, 5L, 7L, 8L, 10L, 11L), table.seqsByKernel());
        Landing landing = writer.landing(table.logged(), 0);
        assertEquals(2, landing.version().orElseThrow());
        assertEquals(4, landing.rejectedRows());
    }

    @Test
    void filesForAnotherPartitioningAreNotCommitted() throws Exception {
        TestTable table = TestTable.create(root);
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot before = writer.load(table.logged());
        DataFile whole = writer.write(table.logged(), before, FIRST, 0, table.entries(FIRST));
        table.foreignMetadata(metadata -> metadata.putArray("partitionColumns").add("device"));
        assertThrows(IOException.class, () -> writer.commit(table.logged(), before, FIRST, whole));
        TableSnapshot after = writer.load(table.logged());
        assertFalse(after.sameLayout(before));
        assertThrows(IllegalArgumentException.class, () -> writer.commit(table.logged(), after, FIRST, whole));

        DataFile parts = writer.write(table.logged(), after, FIRST, 1, table.entries(FIRST));
        writer.removeLeftovers(table.logged(), writer.commit(table.logged(), after, FIRST, parts), 5);
        assertEquals(4, table.liveFiles().size());
        assertEquals(table.liveFiles(), table.filesThere());
        assertEquals(TestTable.seqs(FIRST), table.seqsByKernel());
    }

    /** The partition column is another than rows were accepted with: wider, and at another place. */
    @Test
    void rowsOfAnOlderSchemaFindTheirPartition() throws Exception {
        List<Column> old =
                List.of(new Column("zone", ColumnType.INTEGER, true), new Column("seq", ColumnType.LONG, false));
        List<Column> columns = List.of(
                new Column("seq", ColumnType.LONG, false),
                new Column("added", ColumnType.STRING, true),
                new Column("zone", ColumnType.LONG, true));
        TestTable table = TestTable.create(root, columns, List.of("zone", "added"));
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot base = writer.load(table.logged());
        StreamRange range = new StreamRange(0, 1);
        writer.commit(
                table.logged(),
                base,
                range,
                writer.write(
                        table.logged(),
                        base,
                        range,
                        0,
                        consumer -> consumer.accept(table.entry(
                                0,
                                old,
                                List.of(TypedRows.row(7, 1L), TypedRows.row(null, 2L), TypedRows.row(7, 3L))))));
        Map<Long, @Nullable String> expected = new LinkedHashMap<>();
        expected.put(1L, "7");
        expected.put(2L, null);
        expected.put(3L, "7");
        assertEquals(expected, partitionOfEachSeq(table, "zone"));
        assertEquals(
                Collections.singleton(null),
                new HashSet<>(partitionOfEachSeq(table, "added").values()));
        assertEquals(
                Set.of(
                        "{\"seq\":1,\"added\":null,\"zone\":7}",
                        "{\"seq\":2,\"added\":null,\"zone\":null}",
                        "{\"seq\":3,\"added\":null,\"zone\":7}"),
                Set.copyOf(rowsByKernel(table)));
    }

    @Test
    void checkpointsHaveThePartitions() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, BY_DEVICE);
        table.foreignProperty("delta.checkpointInterval", "2");
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot made = writer.load(table.logged());
        for (long from = 0; from < 6; from += 2) {
            made = table.commit(writer, made, new StreamRange(from, from + 2));
        }
        assertTrue(Files.exists(table.log().resolve("00000000000000000004.checkpoint.parquet")));
        for (long version = 0; version < 4; version++) {
            Files.delete(table.version(version));
        }
        assertEquals(TestTable.seqs(new StreamRange(0, 6)), table.seqsByKernel());
        DeltaTableWriter next = TestTable.writer("log-1", new LocalStorage());
        assertEquals(6, next.load(table.logged()).committedTo().orElseThrow());
        assertEquals(0, writer.upkeepFailures());
    }

    /** By the list of files, where log clean-up took the commits that could tell. */
    @Test
    void aCommitIsToldByAnyOfItsFiles() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, BY_DEVICE);
        table.foreignProperty("delta.checkpointInterval", "3");
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot base = writer.load(table.logged());
        DataFile file = writer.write(table.logged(), base, FIRST, 0, table.entries(FIRST));
        DataFile other = writer.write(table.logged(), base, FIRST, 1, table.entries(FIRST));
        TableSnapshot made = writer.commit(table.logged(), base, FIRST, file);
        table.commit(writer, made, new StreamRange(9, 10));
        Files.delete(table.version(2));
        TableSnapshot current = writer.load(table.logged());
        assertTrue(writer.tookIn(table.logged(), base, current, file));
        assertFalse(writer.tookIn(table.logged(), base, current, other));
    }

    @Test
    void leftoversInDirectoriesOfPartitionsGo() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, List.of("device", "temp"));
        DeltaTableWriter dead = writer(new PartitionLimits(2, 1_000));
        TableSnapshot base = dead.load(table.logged());
        StreamRange before = new StreamRange(1, 4);
        dead.write(table.logged(), base, before, 0, table.entries(before));
        Set<String> stay = table.filesThere();
        StreamRange ahead = new StreamRange(7, 12);
        dead.write(table.logged(), base, ahead, 1, table.entries(ahead));
        assertEquals(3 + 5, table.filesThere().size());

        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot made = table.commit(writer, writer.load(table.logged()), FIRST);
        Files.createFile(table.location().resolve("device=device-7/part-00000-c000.snappy.parquet"));
        assertEquals(5, writer.removeLeftovers(table.logged(), made, 5));
        stay.addAll(table.liveFiles());
        stay.add("device=device-7/part-00000-c000.snappy.parquet");
        assertEquals(stay, table.filesThere());
        assertEquals(0, writer.removeLeftovers(table.logged(), made, 5));
    }

    /** A process knows its own, in whatever partition they are, also those of a writing that failed half way. */
    @Test
    void whatThisProcessLeftGoes() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, BY_DEVICE);
        FaultyStorage storage = new FaultyStorage();
        DeltaTableWriter writer = TestTable.writer("log-1", TestTable.run(), storage, new PartitionLimits(1, 1_000));
        TableSnapshot base = writer.load(table.logged());
        storage.arm(FaultyStorage.Fault.CUT_BEFORE, 15);
        assertThrows(IOException.class, () -> writer.write(table.logged(), base, FIRST, 7, table.entries(FIRST)));
        assertTrue(storage.disarm());
        int left = table.filesThere().size();
        assertTrue(left > 1 && left < 4, "some of the files are finished, or begun: " + left);

        TableSnapshot made = table.commit(writer, base, FIRST);
        assertEquals(left, writer.removeLeftovers(table.logged(), made, 5));
        assertEquals(table.liveFiles(), table.filesThere());
        assertEquals(TestTable.seqs(FIRST), table.seqsByDuckDb());
    }

    /** Or each attempt on a full disk would take up more of it. */
    @Test
    void aWritingThatFailsLeavesNoFiles() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, BY_DEVICE);
        FaultyStorage storage = new FaultyStorage();
        DeltaTableWriter writer = TestTable.writer("log-1", TestTable.run(), storage, new PartitionLimits(2, 1_000));
        TableSnapshot base = writer.load(table.logged());
        int failures = 0;
        for (int step = 1; ; step++, failures++) {
            int attempt = step;
            storage.arm(FaultyStorage.Fault.BEFORE, step);
            try {
                writer.write(table.logged(), base, FIRST, attempt, table.entries(FIRST));
                break;
            } catch (IOException e) {
                assertEquals(Set.of(), table.filesThere(), "after step " + step);
            }
        }
        assertFalse(storage.disarm());
        assertTrue(failures > 4 * 5, "four files of five steps each, not " + failures);
        assertEquals(4, table.filesThere().size());
    }

    @Test
    void aTableThatVanishedIsNotPutBackByItsPartitions() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, BY_DEVICE);
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot base = writer.load(table.logged());
        Files.move(table.location(), root.resolve("aside"));
        assertThrows(IOException.class, () -> writer.write(table.logged(), base, FIRST, 0, table.entries(FIRST)));
        assertFalse(Files.exists(table.location()));
    }

    @Test
    void aDirectoryThatIsThereIsUsed() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, BY_DEVICE);
        Files.createDirectory(table.location().resolve("device=device-5"));
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        table.commit(writer, writer.load(table.logged()), FIRST);
        assertEquals(TestTable.seqs(FIRST), table.seqsByDuckDb());
    }

    /** Readers of directories find the values by Hive's rules. */
    @Test
    void directoriesAreHives() throws Exception {
        TestTable table = TestTable.create(root, TestTable.COLUMNS, BY_DEVICE);
        List<@Nullable String> devices = Arrays.asList("NL", "a/b=c d", "50%25", null);
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < devices.size(); i++) {
            rows.add(TypedRows.row((long) i, devices.get(i), 1.0, null));
        }
        commit(table, TestTable.COLUMNS, rows);
        List<@Nullable String> found = new ArrayList<>();
        TestTable.duckDb(
                "SELECT coalesce(device, 'NULL') FROM read_parquet('" + table.location()
                        + "/*/*.parquet', hive_partitioning = true) ORDER BY seq",
                row -> found.add(TestTable.textAt(row, 1)));
        assertEquals(List.of("NL", "a/b=c d", "50%25", "NULL"), found);
    }
}
