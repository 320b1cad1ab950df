package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.utils.CloseableIterator;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.FaultyStorage.Fault;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.model.StreamRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checksums, checkpoints and log clean-up, and that commits neither wait for them nor depend on them. */
class TableUpkeepTest {
    @TempDir
    Path root;

    private DeltaTableWriter writer(Executor executor, InstantSource clock) {
        return new DeltaTableWriter(
                root, "log-1", TestTable.run(), ParquetSettings.DEFAULT, PartitionLimits.DEFAULT, clock, executor);
    }

    /** Commits one position each, from the base's on. */
    private static TableSnapshot commit(TestTable table, DeltaTableWriter writer, TableSnapshot base, int times)
            throws Exception {
        TableSnapshot current = base;
        for (int i = 0; i < times; i++) {
            long from = current.committedTo().orElse(0);
            current = table.commit(writer, current, new StreamRange(from, from + 1));
        }
        return current;
    }

    private static boolean exists(TestTable table, long version, String suffix) {
        return Files.exists(table.log().resolve(String.format("%020d.%s", version, suffix)));
    }

    @Test
    void eachVersionHasItsChecksum() throws Exception {
        TestTable table = TestTable.create(root);
        DeltaTableWriter writer = writer(Runnable::run, InstantSource.system());
        commit(table, writer, writer.load(table.logged()), 5);

        long bytes = 0;
        for (long version = 1; version <= 5; version++) {
            JsonNode checksum = TestTable.json(table.log().resolve(String.format("%020d.crc", version)));
            bytes += table.action(version, "add").get("size").asLong();
            assertEquals(version, checksum.get("numFiles").asLong());
            assertEquals(bytes, checksum.get("tableSizeBytes").asLong());
            assertEquals(
                    table.logged().id().value(),
                    checksum.get("metadata").get("id").asText());
        }
        assertEquals(0, writer.upkeepFailures());
    }

    @Test
    void aTableWithoutChecksumsGetsThem() throws Exception {
        TestTable table = TestTable.create(root, "{\"minReaderVersion\":1,\"minWriterVersion\":2}", "{}");
        DeltaTableWriter writer = writer(Runnable::run, InstantSource.system());
        DeltaSnapshot last = (DeltaSnapshot) commit(table, writer, writer.load(table.logged()), 3);

        assertTrue(exists(table, 1, "crc"), "computed");
        assertEquals(
                3,
                TestTable.json(table.log().resolve("00000000000000000003.crc"))
                        .get("numFiles")
                        .asLong());
        assertTrue(last.kernel().getCurrentCrcInfo().isPresent(), "the chain goes on from the computed one");
    }

    @Test
    void checkpointsComeAtTheTablesInterval() throws Exception {
        TestTable table = TestTable.create(root);
        table.foreignProperty("delta.checkpointInterval", "4");
        DeltaTableWriter writer = writer(Runnable::run, InstantSource.system());
        DeltaSnapshot last = (DeltaSnapshot) commit(table, writer, writer.load(table.logged()), 8);

        assertEquals(9, last.version());
        for (long version = 1; version <= 9; version++) {
            assertEquals(version == 4 || version == 8, exists(table, version, "checkpoint.parquet"), "at " + version);
        }
        JsonNode pointer = TestTable.json(table.log().resolve("_last_checkpoint"));
        assertEquals(8, pointer.get("version").asLong());
        assertEquals(8L, last.kernel().getLogSegment().getCheckpointVersionOpt().orElseThrow(), "commits build on it");
        DeltaTableWriter next = writer(Runnable::run, InstantSource.system());
        assertEquals(8, next.load(table.logged()).committedTo().orElseThrow());
        assertEquals(TestTable.seqs(new StreamRange(0, 8)), table.seqsByKernel());
        assertEquals(0, writer.upkeepFailures());
    }

    @Test
    void aTableWithoutAnIntervalHasOneOfAHundred() throws Exception {
        TestTable table = TestTable.create(root, "{\"minReaderVersion\":1,\"minWriterVersion\":2}", "{}");
        DeltaTableWriter writer = writer(Runnable::run, InstantSource.system());
        commit(table, writer, writer.load(table.logged()), 101);

        for (long version = 1; version <= 101; version++) {
            assertEquals(version == 100, exists(table, version, "checkpoint.parquet"), "at " + version);
        }
    }

    @Test
    void expiredLogFilesGoWithACheckpoint() throws Exception {
        TestTable table = agedTable();
        DeltaTableWriter writer = writer(Runnable::run, InstantSource.system());
        commit(table, writer, writer.load(table.logged()), 3);

        assertTrue(exists(table, 6, "checkpoint.parquet"));
        assertFalse(exists(table, 0, "json"), "expired, and the checkpoint of version 3 has it");
        assertTrue(exists(table, 6, "json"));
        assertEquals(
                6, writer.load(table.logged()).committedTo().orElseThrow() + 1, "transactions outlive the log files");
        assertEquals(TestTable.seqs(new StreamRange(0, 5)), table.seqsByKernel());
    }

    @Test
    void aClockThatIsOffDeletesNothing() throws Exception {
        TestTable table = agedTable();
        Instant years = Instant.now().plus(Duration.ofDays(10_000));
        DeltaTableWriter writer = writer(Runnable::run, InstantSource.fixed(years));
        commit(table, writer, writer.load(table.logged()), 3);

        assertTrue(exists(table, 6, "checkpoint.parquet"));
        assertTrue(exists(table, 0, "json"));
    }

    /** Versions 0 to 3 with a checkpoint, sixty days old. */
    private TestTable agedTable() throws Exception {
        TestTable table = TestTable.create(root);
        table.foreignProperty("delta.checkpointInterval", "3");
        DeltaTableWriter writer = writer(Runnable::run, InstantSource.system());
        commit(table, writer, writer.load(table.logged()), 2);
        assertTrue(exists(table, 3, "checkpoint.parquet"));
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(60)));
        try (var files = Files.list(table.log())) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, old);
            }
        }
        return table;
    }

    @Test
    void commitsDoNotWait() throws Exception {
        Deque<Runnable> waiting = new ArrayDeque<>();
        TestTable table = TestTable.create(root);
        table.foreignProperty("delta.checkpointInterval", "4");
        DeltaTableWriter writer = writer(waiting::add, InstantSource.system());
        TableSnapshot base = commit(table, writer, writer.load(table.logged()), 30);
        assertFalse(exists(table, 30, "crc"));
        assertEquals(1, waiting.size(), "one thread of upkeep for a table, however far behind");

        waiting.remove().run();
        assertTrue(exists(table, 31, "crc"), "the newest versions have theirs");
        assertFalse(exists(table, 2, "crc"), "those of long ago were given up");
        assertTrue(writer.upkeepFailures() > 0);
        DeltaSnapshot last = (DeltaSnapshot) commit(table, writer, base, 1);
        assertEquals(
                31L, last.kernel().getLogSegment().getCheckpointVersionOpt().orElseThrow());
        assertEquals(TestTable.seqs(new StreamRange(0, 31)), table.seqsByDuckDb());
    }

    @Test
    void aReloadThatSomebodyElsesCommitOvertookIsNotBuiltOn() throws Exception {
        Deque<Runnable> waiting = new ArrayDeque<>();
        TestTable table = TestTable.create(root);
        table.foreignProperty("delta.checkpointInterval", "2");
        DeltaTableWriter writer = writer(waiting::add, InstantSource.system());
        TableSnapshot base = commit(table, writer, writer.load(table.logged()), 1);
        table.foreignProperty("owner", "somebody else");
        waiting.remove().run();

        assertFalse(table.latestVersion() == ((DeltaSnapshot) base).version());
        TableSnapshot fresh = writer.load(table.logged());
        commit(table, writer, fresh, 2);
        assertEquals(TestTable.seqs(new StreamRange(0, 3)), table.seqsByKernel());
    }

    @Test
    void aFailureIsCountedAndMadeUpFor() throws Exception {
        for (int n = 1; ; n++) {
            TestTable table = TestTable.create(root.resolve("step-" + n));
            table.foreignProperty("delta.checkpointInterval", "2");
            FaultyStorage storage = new FaultyStorage();
            Deque<Runnable> waiting = new ArrayDeque<>();
            DeltaTableWriter writer = new DeltaTableWriter(
                    root,
                    "log-1",
                    TestTable.run(),
                    ParquetSettings.DEFAULT,
                    PartitionLimits.DEFAULT,
                    InstantSource.system(),
                    waiting::add,
                    storage);
            TableSnapshot base = commit(table, writer, writer.load(table.logged()), 1);
            storage.arm(Fault.BEFORE, n);
            waiting.remove().run();
            if (!storage.disarm()) {
                assertTrue(n > 15, "a checksum, a checkpoint and the pointer to it take more than " + n + " steps");
                return;
            }
            base = commit(table, writer, base, 2);
            waiting.remove().run();
            commit(table, writer, base, 1);
            assertTrue(exists(table, 4, "checkpoint.parquet"));
            assertEquals(
                    4,
                    TestTable.json(table.log().resolve("_last_checkpoint"))
                            .get("version")
                            .asLong());
            assertEquals(TestTable.seqs(new StreamRange(0, 4)), table.seqsByKernel());
        }
    }

    /** Kernel closes the file when reading the table fails halfway: it would be a checkpoint that lacks the rest. */
    @Test
    void aCheckpointThatWasNotReadToItsEndIsNotPublished() throws Exception {
        TestTable table = TestTable.create(root);
        ForcedEngine engine = new ForcedEngine(new ForcedFileIO(new LocalStorage(), "test"));
        Path checkpoint = table.log().resolve("00000000000000000000.checkpoint.parquet");
        for (boolean breaks : new boolean[] {true, false}) {
            CloseableIterator<FilteredColumnarBatch> actions =
                    new TableLoader(engine).latest(table.location()).getCreateCheckpointIterator(engine);
            CloseableIterator<FilteredColumnarBatch> read = actions.map(batch -> batch);
            boolean[] given = new boolean[1];
            CloseableIterator<FilteredColumnarBatch> breaking = Iterators.closeable(new Iterator<>() {
                @Override
                public boolean hasNext() {
                    if (given[0] && breaks) {
                        throw new IllegalStateException("The disk went away");
                    }
                    return read.hasNext();
                }

                @Override
                public FilteredColumnarBatch next() {
                    given[0] = true;
                    return read.next();
                }
            });
            if (breaks) {
                assertThrows(
                        IllegalStateException.class,
                        () -> engine.getParquetHandler().writeParquetFileAtomically(checkpoint.toString(), breaking));
            } else {
                engine.getParquetHandler().writeParquetFileAtomically(checkpoint.toString(), breaking);
            }
            assertEquals(!breaks, Files.exists(checkpoint));
        }
        try (var left = Files.list(table.log())) {
            assertEquals(
                    0, left.filter(file -> file.toString().endsWith(".tmp")).count());
        }
    }

    @Test
    void anExecutorThatIsShutDownDoesNotStopCommits() throws Exception {
        TestTable table = TestTable.create(root);
        DeltaTableWriter writer = writer(
                task -> {
                    throw new RejectedExecutionException();
                },
                InstantSource.system());
        commit(table, writer, writer.load(table.logged()), 3);
        assertEquals(TestTable.seqs(new StreamRange(0, 3)), table.seqsByDuckDb());
    }
}
