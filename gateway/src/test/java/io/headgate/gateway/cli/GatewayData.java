package io.headgate.gateway.cli;

import io.headgate.batching.Append;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.StreamLog;
import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.DeltaTableWriter;
import io.headgate.delta.DirectoryCatalog;
import io.headgate.delta.PartitionLimits;
import io.headgate.delta.TableCreator;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.model.StreamRange;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowWriter;
import io.headgate.schema.TableSchema;
import io.headgate.wal.LocalDisk;
import io.headgate.wal.LocalLog;
import io.headgate.wal.LogMetrics;
import io.headgate.wal.LogSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** A gateway's directory, filled by the log and the table writer themselves, step by step. */
public final class GatewayData implements AutoCloseable {
    private static final List<Column> COLUMNS =
            List.of(new Column("text", ColumnType.STRING, true), new Column("number", ColumnType.LONG, false));

    // Segments of a dozen requests or so.
    private static final LogSettings LOG = new LogSettings(16 * 1024, 4 * 1024 * 1024, 4096, 4096, 1, 4 * 1024 * 1024);

    private final Path directory;
    private final LocalLog log;
    private final DeltaTableWriter writer;
    private final Map<TableName, LoggedSchema> tables = new HashMap<>();
    private final Map<TableName, Long> firstPositions = new HashMap<>();
    private final Map<TableName, Long> accepted = new HashMap<>();

    /** Opens the log at {@code directory/log}, or begins one. */
    public GatewayData(Path directory) throws IOException {
        this(directory, "log");
    }

    GatewayData(Path directory, String logName) throws IOException {
        this.directory = directory;
        Files.writeString(directory.resolve("headgate.yaml"), "log: { path: ./" + logName + " }\n");
        log = LocalLog.openStepwise(
                LocalDisk.at(directory.resolve(logName)),
                LOG,
                LogMetrics.none(),
                new Random(),
                InstantSource.system(),
                () -> 0,
                entry -> {},
                failure -> {});
        log.start(group -> {});
        writer = new DeltaTableWriter(
                tablesDirectory(),
                log.id(),
                log.runs().get(log.runs().size() - 1).id(),
                ParquetSettings.DEFAULT,
                PartitionLimits.DEFAULT,
                InstantSource.system(),
                Runnable::run);
        settle();
    }

    private Path tablesDirectory() {
        return directory.resolve("tables");
    }

    private DirectoryCatalog catalog() {
        return new DirectoryCatalog(tablesDirectory());
    }

    public TableName create(String name) throws IOException {
        TableName table = TableName.parse(name);
        new TableCreator(catalog()).create(table, COLUMNS);
        checkpointSooner(commit(table, 0));
        use(table);
        return table;
    }

    private static void checkpointSooner(Path creation) throws IOException {
        String often = Files.readString(creation)
                .replace("\"delta.checkpointInterval\":\"100\"", "\"delta.checkpointInterval\":\"10\"");
        Files.writeString(creation, often);
        Files.deleteIfExists(creation.resolveSibling("00000000000000000000.crc"));
    }

    /** Takes a table that is there already. */
    void use(TableName name) throws IOException {
        TableSchema schema = catalog().load(name).orElseThrow();
        tables.put(name, new LoggedSchema(new LoggedTable(schema.id(), name, schema.location()), schema.schemaJson()));
    }

    LoggedSchema schema(TableName table) {
        return java.util.Objects.requireNonNull(tables.get(table));
    }

    /** Accepts requests of some rows each. */
    void accept(TableName table, int requests, int rowsEach) {
        accept(table, requests, rowsEach, Instant.ofEpochMilli(1_700_000_000_000L));
    }

    /** Accepts them by a clock of the caller's. */
    public void accept(TableName table, int requests, int rowsEach, Instant received) {
        for (int i = 0; i < requests; i++) {
            firstPositions.putIfAbsent(table, log.forcedPosition());
            Append append = new Append(schema(table), rowsEach, received.toEpochMilli(), List.of(), rows(rowsEach)) {};
            if (log.offer(append) != StreamLog.Offer.ACCEPTED) {
                throw new AssertionError("The log has no room");
            }
            accepted.merge(table, (long) rowsEach, Long::sum);
            settle();
        }
    }

    private static ByteBuffer rows(int count) {
        RowWriter rows = new RowWriter(RowLayout.of(COLUMNS), 256, 1 << 20, bytes -> true);
        for (int i = 0; i < count; i++) {
            rows.beginRow();
            rows.putString(0, "x".repeat(900 / count).getBytes(StandardCharsets.UTF_8));
            rows.putLong(1, i);
            rows.endRow();
        }
        return rows.payload();
    }

    private void settle() {
        boolean worked = true;
        while (worked) {
            boolean wrote = log.stepWriter();
            worked = log.stepPreallocator() || wrote;
        }
    }

    /** Commits all that a table has in the log; returns its new version's JSON. */
    Path commit(TableName name) throws Exception {
        LoggedTable table = schema(name).table();
        TableSnapshot base = writer.load(table);
        long from = base.committedTo().orElse(java.util.Objects.requireNonNull(firstPositions.get(name)));
        StreamRange range = new StreamRange(from, log.forcedPosition());
        DataFile file = writer.write(table, base, range, 0, consumer -> log.read(range, table.id(), consumer));
        writer.commit(table, base, range, file);
        log.committed(table, range.to(), accepted.getOrDefault(name, 0L));
        return lastCommit(name);
    }

    /** Lets go of what is below a position. */
    void trim(long position) {
        log.trim(position);
        settle();
    }

    /** Parks a table's entries of the oldest segment; below what is returned all are. */
    long park(TableName table) throws IOException {
        return log.park(schema(table).table(), log.firstPosition());
    }

    long end() {
        return log.forcedPosition();
    }

    String logId() {
        return log.id();
    }

    public Path directory() {
        return directory;
    }

    Path table(TableName name) {
        return catalog().location(name);
    }

    Path commit(TableName name, long version) {
        return table(name).resolve("_delta_log").resolve(String.format("%020d.json", version));
    }

    Path lastCommit(TableName name) throws IOException {
        return files(table(name).resolve("_delta_log"), "\\d{20}\\.json")
                .reduce((a, b) -> b)
                .orElseThrow();
    }

    /** Segments, oldest first. */
    List<Path> segments() throws IOException {
        return files(directory.resolve("log"), ".*\\.segment").toList();
    }

    List<Path> dataFiles(TableName name) throws IOException {
        return files(table(name), ".*\\.parquet").toList();
    }

    static Stream<Path> files(Path directory, String pattern) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(pattern)).sorted().toList().stream();
        }
    }

    /** Runs a command on the directory. */
    Run run(String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--config";
        all[arguments.length + 1] = directory.resolve("headgate.yaml").toString();
        return Run.of(all);
    }

    /** Stops in good order; without it, the files are as after a kill. */
    @Override
    public void close() throws IOException {
        log.close();
    }
}
