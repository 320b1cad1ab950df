package io.headgate.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.internal.deletionvectors.Base85Codec;
import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.EntrySource;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.delta.parquet.TypedRows;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowWriter;
import io.headgate.schema.SchemaJson;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table with a column {@code seq} that says of each row which log position it comes from, and the rows for it. Whatever
 * it says of the table it reads from the table's JSON commits or by DuckDB: nothing that is under test.
 */
final class TestTable {
    static final List<Column> COLUMNS = List.of(
            new Column("seq", ColumnType.LONG, false),
            new Column("device", ColumnType.STRING, true),
            new Column("temp", ColumnType.DOUBLE, true),
            new Column("at", ColumnType.TIMESTAMP, true));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TableName NAME = TableName.parse("main.fleet.telemetry");

    private final DirectoryCatalog catalog;
    private final Path location;
    private final String schemaJson;
    private final TableId id;
    private int attempts;

    private TestTable(DirectoryCatalog catalog, TableName name) throws IOException {
        this.catalog = catalog;
        location = catalog.location(name);
        JsonNode metadata = actions(0).stream()
                .filter(action -> action.has("metaData"))
                .findFirst()
                .orElseThrow()
                .get("metaData");
        id = new TableId(metadata.get("id").asText());
        schemaJson = metadata.get("schemaString").asText();
    }

    /** Creates a table in a catalog at {@code root}. */
    static TestTable create(Path root) throws IOException {
        return create(root, COLUMNS, List.of());
    }

    /** Creates a table of other columns, or one that is partitioned by some of them. */
    static TestTable create(Path root, List<Column> columns, List<String> partitionBy) throws IOException {
        DirectoryCatalog catalog = new DirectoryCatalog(root);
        new TableCreator(catalog).create(NAME, columns, partitionBy);
        return new TestTable(catalog, NAME);
    }

    /** Makes a table out of a protocol and metadata, as some other writer would have. */
    static TestTable create(Path root, String protocol, String properties, String... moreActions) throws IOException {
        Path log = root.resolve("main/fleet/telemetry/_delta_log");
        Files.createDirectories(log);
        ObjectNode metadata = JSON.createObjectNode();
        metadata.put("id", UUID.randomUUID().toString());
        metadata.putObject("format").put("provider", "parquet").putObject("options");
        metadata.put("schemaString", SchemaJson.write(COLUMNS));
        metadata.putArray("partitionColumns");
        metadata.set("configuration", JSON.readTree(properties));
        metadata.put("createdTime", 1L);
        List<String> actions = new ArrayList<>();
        actions.add("{\"commitInfo\":{\"timestamp\":1700000000000,\"inCommitTimestamp\":1700000000000,"
                + "\"operation\":\"CREATE TABLE\",\"operationParameters\":{},\"engineInfo\":\"test\"}}");
        actions.add("{\"protocol\":" + protocol + "}");
        actions.add(JSON.createObjectNode().set("metaData", metadata).toString());
        actions.addAll(List.of(moreActions));
        Files.write(log.resolve(String.format("%020d.json", 0)), actions);
        return new TestTable(new DirectoryCatalog(root), NAME);
    }

    /** The table of another root, copied to this one. */
    static TestTable copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return new TestTable(new DirectoryCatalog(to), NAME);
    }

    DirectoryCatalog catalog() {
        return catalog;
    }

    static TableName name() {
        return NAME;
    }

    Path location() {
        return location;
    }

    Path log() {
        return location.resolve("_delta_log");
    }

    LoggedTable logged() {
        return new LoggedTable(id, NAME, location.toString());
    }

    /** A writer of its own process whose upkeep runs at once, on the thread that commits. */
    static DeltaTableWriter writer(String logId, Storage storage) {
        return writer(logId, run(), storage);
    }

    /** Names a process that nobody heard of before. */
    static String run() {
        return UUID.randomUUID().toString().replace("-", "").substring(16);
    }

    static DeltaTableWriter writer(String logId, String run, Storage storage) {
        return writer(logId, run, storage, PartitionLimits.DEFAULT);
    }

    static DeltaTableWriter writer(String logId, String run, Storage storage, PartitionLimits partitions) {
        return new DeltaTableWriter(
                Path.of("/"),
                logId,
                run,
                ParquetSettings.DEFAULT,
                partitions,
                InstantSource.system(),
                Runnable::run,
                storage);
    }

    /** Commits a range the way it goes when nothing goes wrong. */
    TableSnapshot commit(DeltaTableWriter writer, TableSnapshot base, StreamRange range) throws Exception {
        DataFile file = writer.write(logged(), base, range, attempts++, entries(range));
        return writer.commit(logged(), base, range, file);
    }

    /** One entry for each position, of one to three rows. */
    EntrySource entries(StreamRange range) {
        return consumer -> {
            for (long position = range.from(); position < range.to(); position++) {
                consumer.accept(entry(position));
            }
        };
    }

    /** An entry that was accepted under these columns. */
    LogEntry entry(long position, List<Column> columns, List<@Nullable Object[]> rows) {
        return new LogEntry(
                position,
                new LoggedSchema(logged(), SchemaJson.write(columns)),
                rows.size(),
                1_700_000_000_000L + position,
                List.of(),
                100,
                TypedRows.payload(columns, rows));
    }

    private LogEntry entry(long position) {
        RowWriter rows = new RowWriter(RowLayout.of(COLUMNS), 256, 1 << 20, bytes -> true);
        int count = rowsAt(position);
        for (int i = 0; i < count; i++) {
            rows.beginRow();
            rows.putLong(0, position * 10 + i);
            rows.putString(1, ("device-" + position).getBytes(StandardCharsets.UTF_8));
            rows.putDouble(2, position / 4.0);
            rows.endRow();
        }
        return new LogEntry(position, new LoggedSchema(logged(), schemaJson), count, 0, List.of(), 100, rows.payload());
    }

    private static int rowsAt(long position) {
        return (int) (position % 3) + 1;
    }

    /** The {@code seq} of every row of a range. */
    static List<Long> seqs(StreamRange range) {
        List<Long> seqs = new ArrayList<>();
        for (long position = range.from(); position < range.to(); position++) {
            for (int i = 0; i < rowsAt(position); i++) {
                seqs.add(position * 10 + i);
            }
        }
        return seqs;
    }

    /** What the table holds, sorted, as Kernel reads it. */
    List<Long> seqsByKernel() throws IOException {
        StringBuilder lines = new StringBuilder();
        new TableRows(catalog).write(NAME, Long.MAX_VALUE, lines);
        List<Long> seqs = new ArrayList<>();
        for (String line : lines.toString().lines().toList()) {
            seqs.add(JSON.readTree(line).get("seq").asLong());
        }
        seqs.sort(null);
        return seqs;
    }

    /** What the table holds, sorted, as DuckDB reads the files that the table's JSON commits name. */
    List<Long> seqsByDuckDb() throws IOException, SQLException {
        Set<String> files = liveFiles();
        List<Long> seqs = new ArrayList<>();
        if (files.isEmpty()) {
            return seqs;
        }
        String list =
                files.stream().map(file -> "'" + location.resolve(file) + "'").collect(Collectors.joining(","));
        duckDb("SELECT seq FROM read_parquet([" + list + "], union_by_name = true) ORDER BY seq", row -> {
            seqs.add(longAt(row, 1));
        });
        return seqs;
    }

    static void duckDb(String query, Consumer<ResultSet> row) throws SQLException {
        try (Statement statement = DuckDb.CONNECTION.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                row.accept(rows);
            }
        }
    }

    /** One connection for all tests: opening one takes half a second. */
    private static final class DuckDb {
        private static final Connection CONNECTION = open();

        private static Connection open() {
            try {
                Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET autoinstall_known_extensions=false");
                }
                return connection;
            } catch (SQLException e) {
                throw new IllegalStateException("DuckDB does not start", e);
            }
        }
    }

    static String textAt(ResultSet row, int column) {
        try {
            return String.valueOf(row.getString(column));
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static long longAt(ResultSet row, int column) {
        try {
            return row.getLong(column);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The files that the table's JSON commits add up to, by their paths in the table's directory. */
    Set<String> liveFiles() throws IOException {
        Set<String> files = new LinkedHashSet<>();
        for (long version = 0; version <= latestVersion(); version++) {
            for (JsonNode action : actions(version)) {
                if (action.has("add")) {
                    files.add(path(action.get("add")));
                } else if (action.has("remove")) {
                    files.remove(path(action.get("remove")));
                }
            }
        }
        return files;
    }

    /** Paths in a table's log are URIs (Delta protocol, "Add File and Remove File"). */
    static String path(JsonNode file) {
        return URI.create(file.get("path").asText()).getPath();
    }

    /** The Parquet files in the table's directory and in those of partitions. */
    Set<String> filesThere() throws IOException {
        try (Stream<Path> files = Files.walk(location)) {
            return files.map(file -> location.relativize(file).toString())
                    .filter(path -> path.endsWith(".parquet") && !path.startsWith("_"))
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    /** The {@code seq} of all rows in the files of rejected rows that commits claim, sorted; by DuckDB. */
    List<Long> seqsRejected() throws IOException, SQLException {
        List<Long> seqs = new ArrayList<>();
        for (Path file : rejectedClaimed()) {
            duckDb("SELECT \"row\" FROM read_parquet('" + file + "')", row -> {
                seqs.add(json(textAt(row, 1)).get("seq").asLong());
            });
        }
        seqs.sort(null);
        return seqs;
    }

    Set<String> rejectedReasons() throws IOException, SQLException {
        Set<String> reasons = new LinkedHashSet<>();
        for (Path file : rejectedClaimed()) {
            duckDb("SELECT reason FROM read_parquet('" + file + "')", row -> reasons.add(textAt(row, 1)));
        }
        return reasons;
    }

    private static final Pattern REJECTED = Pattern.compile(
            ".*headgate log=(\\S+) run=(\\S+) from=(\\d+) to=(\\d+) attempt=(\\d+) rows=\\d+ rejected=([1-9]\\d*)");

    /** The files that the table's JSON commits say they put rejected rows into. */
    List<Path> rejectedClaimed() throws IOException {
        List<Path> files = new ArrayList<>();
        for (long version = 1; version <= latestVersion(); version++) {
            for (JsonNode action : actions(version)) {
                Matcher said = REJECTED.matcher(
                        action.path("commitInfo").path("engineInfo").asText(""));
                if (said.matches()) {
                    files.add(rejectedDirectory()
                            .resolve(String.format(
                                    "%s.headgate-%s-%020d-%020d-%s-%s.parquet",
                                    id,
                                    said.group(1),
                                    Long.parseLong(said.group(3)),
                                    Long.parseLong(said.group(4)),
                                    said.group(5),
                                    said.group(2))));
                }
            }
        }
        return files;
    }

    Path rejectedDirectory() {
        return location.resolve("_zerobus/table_rejected_parquets");
    }

    /** The files of rejected rows that are there, whoever claims them. */
    Set<Path> rejectedThere() throws IOException {
        if (!Files.exists(rejectedDirectory())) {
            return new LinkedHashSet<>();
        }
        try (Stream<Path> files = Files.list(rejectedDirectory())) {
            return files.collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    /** The last version of a transaction in the table's JSON commits; -1 if there is none. */
    long transaction(String appId) throws IOException {
        long found = -1;
        for (long version = 0; version <= latestVersion(); version++) {
            for (JsonNode action : actions(version)) {
                if (action.has("txn") && action.get("txn").get("appId").asText().equals(appId)) {
                    found = action.get("txn").get("version").asLong();
                }
            }
        }
        return found;
    }

    long latestVersion() throws IOException {
        try (Stream<Path> files = Files.list(log())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d{20}\\.json"))
                    .mapToLong(name -> Long.parseLong(name.substring(0, 20)))
                    .max()
                    .orElse(-1);
        }
    }

    Path version(long version) {
        return log().resolve(String.format("%020d.json", version));
    }

    List<JsonNode> actions(long version) throws IOException {
        List<JsonNode> actions = new ArrayList<>();
        for (String line : Files.readAllLines(version(version))) {
            actions.add(JSON.readTree(line));
        }
        return actions;
    }

    /** The one action of a kind in a version. */
    JsonNode action(long version, String kind) throws IOException {
        List<JsonNode> found =
                actions(version).stream().filter(action -> action.has(kind)).toList();
        if (found.size() != 1) {
            throw new AssertionError("Version " + version + " has " + found.size() + " times " + kind);
        }
        return found.get(0).get(kind);
    }

    /** Commits actions as some other writer would. */
    void foreignCommit(String... actions) throws IOException {
        Files.write(version(latestVersion() + 1), List.of(actions), StandardOpenOption.CREATE_NEW);
    }

    /** Commits the latest metadata, changed. */
    void foreignMetadata(Consumer<ObjectNode> change) throws IOException {
        ObjectNode metadata = null;
        for (long version = 0; version <= latestVersion(); version++) {
            for (JsonNode action : actions(version)) {
                metadata = action.has("metaData") ? (ObjectNode) action.get("metaData") : metadata;
            }
        }
        if (metadata == null) {
            throw new AssertionError("No metadata");
        }
        change.accept(metadata);
        foreignCommit(
                "{\"commitInfo\":{\"timestamp\":" + System.currentTimeMillis()
                        + ",\"operation\":\"SET TBLPROPERTIES\",\"operationParameters\":{}}}",
                JSON.createObjectNode().set("metaData", metadata).toString());
    }

    /**
     * Strikes rows 3 and 4 out of the file that a version added, with a deletion vector kept in the log itself (Delta
     * protocol, "Deletion Vector Format"; the RoaringFormatSpec for the bitmap).
     */
    void foreignDeletion(long version) throws IOException {
        ObjectNode add = action(version, "add").deepCopy();
        ObjectNode remove = JSON.createObjectNode();
        remove.put("path", add.get("path").asText())
                .put("deletionTimestamp", 1L)
                .put("dataChange", true);
        remove.put("size", add.get("size").asLong());
        ByteBuffer vector = ByteBuffer.allocate(36).order(ByteOrder.LITTLE_ENDIAN);
        vector.putInt(1681511377).putLong(1).putInt(0); // magic, one bitmap, for the rows whose high half is 0
        vector.putInt(12346).putInt(1); // no runs, one container
        vector.putShort((short) 0).putShort((short) 1).putInt(16); // its key, its cardinality less one, its offset
        vector.putShort((short) 3).putShort((short) 4);
        add.putObject("deletionVector")
                .put("storageType", "i")
                .put("pathOrInlineDv", Base85Codec.encodeBytes(vector.array()))
                .put("sizeInBytes", vector.capacity())
                .put("cardinality", 2);
        foreignCommit(
                "{\"commitInfo\":{\"timestamp\":1,\"operation\":\"DELETE\",\"operationParameters\":{}}}",
                JSON.createObjectNode().set("remove", remove).toString(),
                JSON.createObjectNode().set("add", add).toString());
    }

    static JsonNode json(Path file) throws IOException {
        return JSON.readTree(file.toFile());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void foreignProperty(String key, String value) throws IOException {
        foreignMetadata(metadata -> ((ObjectNode) metadata.get("configuration")).put(key, value));
    }

    void foreignSchema(List<Column> columns) throws IOException {
        foreignMetadata(metadata -> metadata.put("schemaString", SchemaJson.write(columns)));
    }

    static List<Column> with(List<Column> columns, Column... more) {
        List<Column> all = new ArrayList<>(columns);
        all.addAll(List.of(more));
        return all;
    }
}
