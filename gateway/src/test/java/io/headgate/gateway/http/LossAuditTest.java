package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.CommitPace;
import io.headgate.batching.Landing;
import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.RangeTooWideException;
import io.headgate.batching.RecoveredEntries;
import io.headgate.batching.SharedStreams;
import io.headgate.batching.StreamMetrics;
import io.headgate.batching.StreamSettings;
import io.headgate.batching.TableChangedException;
import io.headgate.batching.TableSettings;
import io.headgate.batching.TableStream;
import io.headgate.batching.TableWriter;
import io.headgate.delta.DeltaTableWriter;
import io.headgate.delta.DirectoryCatalog;
import io.headgate.delta.PartitionLimits;
import io.headgate.delta.TableCreator;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.gateway.metrics.GatewayMetrics;
import io.headgate.model.Eventually;
import io.headgate.model.StreamRange;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.DecodeLimits;
import io.headgate.schema.DecodedRows;
import io.headgate.schema.RowDecoder;
import io.headgate.schema.TableSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer that loses a row and says it did not: the table's own commit tells otherwise. */
class LossAuditTest {
    private static final String MISMATCH = "headgate_audit_mismatch_rows{table=\"main.fleet.telemetry\"} ";

    private final HeldLog log = new HeldLog();
    private final ExecutorService background = Executors.newCachedThreadPool();

    /** Says of a data file what ought to be in it. */
    private record Pretended(TableWriter.DataFile real, long rowCount) implements TableWriter.DataFile {
        @Override
        public long rejectedRows() {
            return real.rejectedRows();
        }

        @Override
        public long sizeBytes() {
            return real.sizeBytes();
        }
    }

    /** Leaves the last entry of a range out of the data file, if told to. */
    private static final class LosingWriter implements TableWriter {
        private final TableWriter real;
        private final boolean loses;

        LosingWriter(TableWriter real, boolean loses) {
            this.real = real;
            this.loses = loses;
        }

        @Override
        public DataFile write(
                LoggedTable table, TableSnapshot target, StreamRange range, int attempt, EntrySource entries)
                throws TableChangedException, RangeTooWideException, IOException {
            List<LogEntry> all = new ArrayList<>();
            entries.forEach(all::add);
            long rows = all.stream().mapToLong(LogEntry::rowCount).sum();
            List<LogEntry> kept = loses ? all.subList(0, all.size() - 1) : all;
            DataFile written = real.write(table, target, range, attempt, consumer -> {
                for (LogEntry entry : kept) {
                    consumer.accept(entry);
                }
            });
            return new Pretended(written, rows);
        }

        @Override
        public TableSnapshot commit(LoggedTable table, TableSnapshot base, StreamRange range, DataFile file)
                throws IOException {
            return real.commit(table, base, range, ((Pretended) file).real());
        }

        @Override
        public TableSnapshot load(LoggedTable table) throws TableChangedException, IOException {
            return real.load(table);
        }

        @Override
        public boolean tookIn(LoggedTable table, TableSnapshot base, TableSnapshot current, DataFile file)
                throws IOException {
            return real.tookIn(table, base, current, ((Pretended) file).real());
        }

        @Override
        public boolean isStillThere(LoggedTable table, TableSnapshot version) throws IOException {
            return real.isStillThere(table, version);
        }

        @Override
        public Optional<String> committedBy(LoggedTable table, TableSnapshot current) throws IOException {
            return real.committedBy(table, current);
        }

        @Override
        public Landing landing(LoggedTable table, long position) throws IOException {
            return real.landing(table, position);
        }

        @Override
        public int removeLeftovers(LoggedTable table, TableSnapshot current, long from) throws IOException {
            return real.removeLeftovers(table, current, from);
        }
    }

    @Test
    void aRowThatDoesNotGetIntoTheTableShows(@TempDir Path directory) throws Exception {
        assertTrue(scrapeAfterTwoInserts(directory, true).contains(MISMATCH + "2.0\n"));
    }

    @Test
    void nothingShowsIfAllGetIn(@TempDir Path directory) throws Exception {
        String scraped = scrapeAfterTwoInserts(directory, false);
        assertTrue(scraped.contains(MISMATCH + "0.0\n"), scraped);
        assertTrue(scraped.contains("headgate_audit_acked_rows{table=\"main.fleet.telemetry\"} 3.0\n"), scraped);
        assertTrue(scraped.contains("headgate_audit_committed_rows{table=\"main.fleet.telemetry\"} 3.0\n"), scraped);
    }

    private String scrapeAfterTwoInserts(Path directory, boolean loses) throws Exception {
        DirectoryCatalog catalog = new DirectoryCatalog(directory);
        new TableCreator(catalog)
                .create(TestCatalog.TELEMETRY, List.of(new Column("device_id", ColumnType.STRING, false)));
        TableSchema schema = catalog.load(TestCatalog.TELEMETRY).orElseThrow();
        TableWriter writer = new LosingWriter(
                new DeltaTableWriter(
                        directory,
                        "held",
                        "0123456789abcdef",
                        ParquetSettings.DEFAULT,
                        PartitionLimits.DEFAULT,
                        InstantSource.system(),
                        background),
                loses);
        SharedStreams streams = new SharedStreams(
                log,
                new RecoveredEntries(),
                writer,
                new StreamSettings(
                        new TableSettings(Duration.ofMillis(10), 1 << 30, 1 << 30),
                        Map.of(),
                        1 << 30,
                        1 << 30,
                        Duration.ZERO,
                        Duration.ofMillis(10),
                        Duration.ofSeconds(1)),
                StreamMetrics.NONE,
                CommitPace.free(),
                System::nanoTime,
                new Random(1),
                background,
                background);
        try (GatewayMetrics metrics = new GatewayMetrics(System::nanoTime)) {
            metrics.watchTables(streams);
            streams.start();
            TableStream stream = streams.open(new LoggedTable(schema.id(), schema.name(), schema.location()))
                    .join();
            log.hold();
            append(stream, schema, "[{\"device_id\":\"a\"}]");
            append(stream, schema, "[{\"device_id\":\"b\"},{\"device_id\":\"c\"}]");
            log.letGo();
            Eventually.holds("all is committed", Edge.WITHIN, () -> {
                Landing landing = stream.landing(1);
                return landing != null && landing.version().equals(OptionalLong.of(1));
            });
            return metrics.scrape();
        } finally {
            streams.drain(Duration.ofSeconds(5));
            background.shutdown();
            assertTrue(background.awaitTermination(10, TimeUnit.SECONDS), "threads are left behind");
        }
    }

    private static void append(TableStream stream, TableSchema schema, String body) throws Exception {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        DecodedRows rows = new RowDecoder(schema, DecodeLimits.of(1_000, 1_000))
                .decode(bytes, 0, bytes.length, additional -> true);
        stream.append(
                new LoggedSchema(stream.table(), schema.schemaJson()),
                rows.rowCount(),
                0,
                rows.payload(),
                null,
                Runnable::run,
                (position, replayed) -> stream.answered(rows.rowCount()));
    }
}
