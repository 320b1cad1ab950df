package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.DataFileName.Origin;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.model.StreamRange;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one commit leaves in the table, and in the table's log. */
class CommitTest {
    private static final StreamRange FIRST = new StreamRange(5, 9);
    private static final StreamRange SECOND = new StreamRange(9, 12);

    @TempDir
    Path root;

    @Test
    void rangesFollowOneAnotherIntoTheTable() throws Exception {
        TestTable table = TestTable.create(root);
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot empty = writer.load(table.logged());
        assertEquals(OptionalLong.empty(), empty.committedTo());

        TableSnapshot first = table.commit(writer, empty, FIRST);
        TableSnapshot second = table.commit(writer, first, SECOND);

        assertEquals(OptionalLong.of(9), first.committedTo());
        assertEquals(OptionalLong.of(12), second.committedTo());
        assertEquals(OptionalLong.of(12), writer.load(table.logged()).committedTo());
        assertEquals(TestTable.seqs(new StreamRange(5, 12)), table.seqsByKernel());
        assertEquals(TestTable.seqs(new StreamRange(5, 12)), table.seqsByDuckDb());
        assertEquals(0, writer.upkeepFailures());
    }

    /** The order that makes it hold: bytes before names, the data file before the commit that names it. */
    @Test
    void everythingIsForcedBeforeItIsReliedOn() throws Exception {
        TestTable table = TestTable.create(root);
        FaultyStorage storage = new FaultyStorage();
        DeltaTableWriter writer = new DeltaTableWriter(
                root,
                "log-1",
                TestTable.run(),
                ParquetSettings.DEFAULT,
                PartitionLimits.DEFAULT,
                InstantSource.system(),
                upkeep -> {},
                storage);
        TableSnapshot base = writer.load(table.logged());
        assertEquals(
                List.of("forceDirectory telemetry", "forceDirectory _delta_log"),
                storage.operations()
                        .subList(
                                storage.operations().size() - 2,
                                storage.operations().size()));
        storage.operations().clear();

        table.commit(writer, base, FIRST);
        String data = table.liveFiles().iterator().next();
        List<String> steps = storage.operations();
        String temporary = steps.stream()
                .filter(step -> step.startsWith("create ."))
                .findFirst()
                .orElseThrow()
                .substring("create ".length());
        assertEquals(
                List.of(
                        "create " + data,
                        "write " + data,
                        "force " + data,
                        "close " + data,
                        "forceDirectory telemetry",
                        "create " + temporary,
                        "write " + temporary,
                        "force " + temporary,
                        "close " + temporary,
                        "link 00000000000000000001.json",
                        "forceDirectory _delta_log",
                        "unlink " + temporary),
                steps);
    }

    @Test
    void aCommitSaysWhatItIs() throws Exception {
        TestTable table = TestTable.create(root);
        String run = TestTable.run();
        DeltaTableWriter writer = TestTable.writer("log-1", run, new LocalStorage());

        TableSnapshot base = writer.load(table.logged());
        DataFile file = writer.write(table.logged(), base, FIRST, 3, table.entries(FIRST));
        writer.commit(table.logged(), base, FIRST, file);

        JsonNode info = table.action(1, "commitInfo");
        assertTrue(info.get("isBlindAppend").asBoolean());
        assertEquals("WRITE", info.get("operation").asText());
        assertTrue(table.actions(1).get(0).has("commitInfo"), "commitInfo comes first");
        assertEquals(
                Optional.of(new CommittedRange("log-1", FIRST, Optional.of(new Origin(run, 3)), file.rowCount(), 0)),
                CommittedRange.parse(info.get("engineInfo").asText()));
        JsonNode txn = table.action(1, "txn");
        assertEquals("headgate/log-1/" + table.logged().id(), txn.get("appId").asText());
        assertEquals(9, txn.get("version").asLong());
        assertTrue(txn.get("lastUpdated").asLong() > 0);
        assertEquals(3, table.actions(1).size());
    }

    @Test
    void theDataFileIsNamedAndDescribed() throws Exception {
        TestTable table = TestTable.create(root);
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());

        TableSnapshot base = writer.load(table.logged());
        DataFile file = writer.write(table.logged(), base, FIRST, 3, table.entries(FIRST));
        writer.commit(table.logged(), base, FIRST, file);

        JsonNode add = table.action(1, "add");
        DataFileName name = DataFileName.parse(add.get("path").asText()).orElseThrow();
        assertEquals("log-1", name.logId());
        assertEquals(FIRST, name.range());
        assertEquals(3, name.origin().attempt());
        assertEquals(file.sizeBytes(), add.get("size").asLong());
        assertTrue(add.get("dataChange").asBoolean());
        JsonNode stats = new ObjectMapper().readTree(add.get("stats").asText());
        assertEquals(TestTable.seqs(FIRST).size(), stats.get("numRecords").asLong());
        assertEquals(50, stats.get("minValues").get("seq").asLong());
        assertEquals(82, stats.get("maxValues").get("seq").asLong());
        assertEquals("device-5", stats.get("minValues").get("device").asText());
        assertEquals(0, stats.get("nullCount").get("device").asLong());
        assertEquals(file.rowCount(), stats.get("nullCount").get("at").asLong());
    }

    @Test
    void aRangeOfWhichTheTableHasAPartIsRefused() throws Exception {
        TestTable table = TestTable.create(root);
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot first = table.commit(writer, writer.load(table.logged()), FIRST);

        assertThrows(IllegalArgumentException.class, () -> table.commit(writer, first, FIRST));
        assertThrows(IllegalArgumentException.class, () -> table.commit(writer, first, new StreamRange(8, 12)));
        assertEquals(1, table.latestVersion());
    }

    @Test
    void aFileForAnotherRangeIsRefused() throws Exception {
        TestTable table = TestTable.create(root);
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot base = writer.load(table.logged());
        DataFile file = writer.write(table.logged(), base, FIRST, 0, table.entries(FIRST));

        assertThrows(
                IllegalArgumentException.class,
                () -> writer.commit(table.logged(), base, new StreamRange(5, 10), file));
        assertEquals(0, table.latestVersion());
    }

    @Test
    void logsDoNotSeeEachOthersCommits() throws Exception {
        TestTable table = TestTable.create(root);
        DeltaTableWriter one = TestTable.writer("log-1", new LocalStorage());
        DeltaTableWriter other = TestTable.writer("log-2", new LocalStorage());
        table.commit(one, one.load(table.logged()), FIRST);

        TableSnapshot base = other.load(table.logged());
        assertEquals(OptionalLong.empty(), base.committedTo());
        table.commit(other, base, new StreamRange(100, 101));

        assertEquals(OptionalLong.of(9), one.load(table.logged()).committedTo());
        assertEquals(OptionalLong.of(101), other.load(table.logged()).committedTo());
    }

    @Test
    void aRootWithUnusualCharactersWorks() throws Exception {
        TestTable table = TestTable.create(root.resolve("a b%20c+\u00e9#?"));
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        table.commit(writer, writer.load(table.logged()), FIRST);

        assertEquals(TestTable.seqs(FIRST), table.seqsByKernel());
        assertEquals(TestTable.seqs(FIRST), table.seqsByDuckDb());
    }
}
