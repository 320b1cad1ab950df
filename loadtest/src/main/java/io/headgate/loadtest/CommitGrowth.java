package io.headgate.loadtest;

import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.TableChangedException;
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
import io.headgate.schema.SchemaJson;
import io.headgate.schema.TableSchema;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What a commit takes as a table grows in versions, and in columns: {@code CommitGrowth [VERSIONS]}. Each has {@value #ROWS} rows,
 * and comes once the checksum, or checkpoint, of the one before is written, as it does in the gateway some time before. A line
 * has medians of the commits since the line before.
 */
public final class CommitGrowth {
    private static final int ROWS = 1_000;
    private static final int COLUMNS = 10;
    private static final int COMMITS = 200;
    private static final int WARM_UP = 100;
    private static final String LOG_ID = "growth";
    private static final String RUN = "0123456789abcdef";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final ExecutorService upkeep;
    private final LoggedTable table;
    private final DeltaTableWriter writer;
    private final LoggedSchema schema;
    private final ByteBuffer rows;
    private TableSnapshot last;

    private CommitGrowth(Path root, ExecutorService upkeep, int columns) throws IOException, TableChangedException {
        this.upkeep = upkeep;
        DirectoryCatalog catalog = new DirectoryCatalog(root);
        catalog.prepare(LOG_ID, RUN);
        List<Column> all = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            all.add(new Column("reading_" + i, ColumnType.LONG, true));
        }
        TableName name = new TableName("main", "growth", "of_" + columns + "_" + System.nanoTime());
        TableSchema created = new TableCreator(catalog).create(name, all);
        table = new LoggedTable(created.id(), name, catalog.location(name).toString());
        writer = new DeltaTableWriter(
                root, LOG_ID, RUN, ParquetSettings.DEFAULT, PartitionLimits.DEFAULT, InstantSource.system(), upkeep);
        schema = new LoggedSchema(table, SchemaJson.write(all));
        RowWriter row = new RowWriter(RowLayout.of(all), 1 << 20, 1 << 24, bytes -> true);
        for (int i = 0; i < ROWS; i++) {
            row.beginRow();
            for (int column = 0; column < columns; column++) {
                row.putLong(column, 1_000L * i + column);
            }
            row.endRow();
        }
        rows = row.payload();
        last = writer.load(table);
    }

    /** Prints both. */
    public static void main(String[] args) throws Exception {
        int versions = args.length > 0 ? Integer.parseInt(args[0]) : 5_000;
        ExecutorService upkeep = Executors.newSingleThreadExecutor();
        try (TemporaryDirectory directory = TemporaryDirectory.create("headgate-growth")) {
            ForceLatency force = ForceLatency.measure(directory.path());
            System.out.printf("force of 4 KiB: p50 %.3f ms, p99 %.3f ms%n", force.p50Millis(), force.p99Millis());
            new CommitGrowth(directory.path(), upkeep, COLUMNS).commits(WARM_UP);
            System.out.println("columns,versions,ms,cpu_ms");
            CommitGrowth growing = new CommitGrowth(directory.path(), upkeep, COLUMNS);
            for (int version = 0, next = 10; version < versions; version = next, next = Math.min(versions, 2 * next)) {
                System.out.println(COLUMNS + "," + next + "," + growing.commits(next - version));
            }
            for (int columns : new int[] {1, 10, 50, 100, 200}) {
                System.out.println(columns + "," + COMMITS + ","
                        + new CommitGrowth(directory.path(), upkeep, columns).commits(COMMITS));
            }
            upkeep.shutdown();
            // What it writes is in the directory that is about to go.
            boolean unused = upkeep.awaitTermination(1, TimeUnit.MINUTES);
        }
    }

    private String commits(int count) throws Exception {
        long[] nanos = new long[count];
        long[] cpuNanos = new long[count];
        for (int i = 0; i < count; i++) {
            long from = last.committedTo().orElse(0);
            StreamRange range = new StreamRange(from, from + 1);
            long start = System.nanoTime();
            long cpuStart = THREADS.getCurrentThreadCpuTime();
            last = writer.commit(table, last, range, writer.write(table, last, range, 0, to -> to.accept(entry(from))));
            cpuNanos[i] = THREADS.getCurrentThreadCpuTime() - cpuStart;
            nanos[i] = System.nanoTime() - start;
            upkeep.submit(() -> {}).get();
        }
        Arrays.sort(nanos);
        Arrays.sort(cpuNanos);
        return String.format("%.2f,%.2f", nanos[count / 2] / 1e6, cpuNanos[count / 2] / 1e6);
    }

    private LogEntry entry(long position) {
        ByteBuffer payload = rows.duplicate().order(rows.order());
        return new LogEntry(
                position, schema, ROWS, System.currentTimeMillis(), List.of(), payload.remaining(), payload);
    }
}
