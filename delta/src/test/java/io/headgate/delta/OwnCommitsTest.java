package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.model.StreamRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose commit it was that the table tells of, and whether it is still what the table has. */
class OwnCommitsTest {
    private static final StreamRange FIRST = new StreamRange(0, 3);
    private static final StreamRange SECOND = new StreamRange(3, 7);

    @TempDir
    Path root;

    private final String run = TestTable.run();
    private final DeltaTableWriter writer = TestTable.writer("log-1", run, new LocalStorage());
    private TestTable table;

    @BeforeEach
    void createTable() throws Exception {
        table = TestTable.create(root);
    }

    private Optional<String> committedBy(TableSnapshot snapshot) throws IOException {
        return writer.committedBy(table.logged(), snapshot);
    }

    private static void append(TestTable table, String log, StreamRange range) throws Exception {
        DeltaTableWriter other = TestTable.writer(log, new LocalStorage());
        table.commit(other, other.load(table.logged()), range);
    }

    @Test
    void theRunOfTheLastCommitIsToldWhateverOthersDid() throws Exception {
        assertEquals(Optional.empty(), committedBy(writer.load(table.logged())));
        TableSnapshot first = table.commit(writer, writer.load(table.logged()), FIRST);
        assertEquals(Optional.of(run), committedBy(first));
        append(table, "log-2", new StreamRange(100, 101));
        table.foreignProperty("owner", "somebody else");
        assertEquals(Optional.of(run), committedBy(writer.load(table.logged())));

        String copys = TestTable.run();
        DeltaTableWriter copy = TestTable.writer("log-1", copys, new LocalStorage());
        table.commit(copy, copy.load(table.logged()), SECOND);
        TableSnapshot both = writer.load(table.logged());
        assertEquals(Optional.of(copys), committedBy(both));
        assertEquals(Optional.of(run), committedBy(first), "as far as an older version knows");
        DeltaTableWriter stranger = TestTable.writer("log-3", new LocalStorage());
        assertEquals(Optional.empty(), stranger.committedBy(table.logged(), both));
    }

    @Test
    void aCommitOfTheFirstVersionsNamesNoRun() throws Exception {
        String appId = "headgate/log-1/" + table.logged().id();
        table.foreignCommit(
                "{\"commitInfo\":{\"timestamp\":1,\"engineInfo\":"
                        + "\"Kernel-4.4.0/headgate log=log-1 from=0 to=3 rows=6\"}}",
                "{\"txn\":{\"appId\":\"" + appId + "\",\"version\":3}}");
        TableSnapshot found = writer.load(table.logged());
        assertEquals(3, found.committedTo().orElseThrow());
        assertEquals(Optional.empty(), committedBy(found));
    }

    @Test
    void whatLogCleanupTookIsNotKnown() throws Exception {
        TableSnapshot first = table.commit(writer, writer.load(table.logged()), FIRST);
        Files.delete(table.version(1));
        assertEquals(Optional.empty(), committedBy(first));
    }

    @Test
    void aThousandCommitsAreLookedThrough() throws Exception {
        table.commit(writer, writer.load(table.logged()), FIRST);
        for (int version = 2; version <= 1_000; version++) {
            Files.writeString(table.version(version), "{\"commitInfo\":{\"timestamp\":1,\"operation\":\"WRITE\"}}\n");
        }
        assertEquals(Optional.of(run), committedBy(writer.load(table.logged())));
        table.foreignProperty("owner", "one too many");
        assertEquals(Optional.empty(), committedBy(writer.load(table.logged())));
    }

    /** As long, of the same instant, and yet another commit. */
    @Test
    void aCommitThatSomebodyRenamedTheirsOntoIsGone() throws Exception {
        TableSnapshot made = table.commit(writer, writer.load(table.logged()), FIRST);
        TableSnapshot loaded = writer.load(table.logged());
        assertTrue(writer.isStillThere(table.logged(), made));
        assertTrue(writer.isStillThere(table.logged(), loaded));

        replace(table.version(1));
        assertFalse(writer.isStillThere(table.logged(), made));
        assertFalse(writer.isStillThere(table.logged(), loaded));
        DataFile file = writer.write(table.logged(), made, SECOND, 0, table.entries(SECOND));
        assertThrows(IOException.class, () -> writer.commit(table.logged(), made, SECOND, file));
        assertEquals(1, table.latestVersion());

        Files.delete(table.version(1));
        assertFalse(writer.isStillThere(table.logged(), made));
    }

    /** The rows are in again, in a file that fits; the first one is nobody's. */
    @Test
    void theFileOfAReplacedCommitGoesOnceItsRowsAreInByAnother() throws Exception {
        TableSnapshot base = writer.load(table.logged());
        writer.commit(table.logged(), base, FIRST, writer.write(table.logged(), base, FIRST, 0, table.entries(FIRST)));
        replace(table.version(1));
        table.foreignProperty("owner", "somebody else");
        TableSnapshot found = writer.load(table.logged());
        DataFile again = writer.write(table.logged(), found, FIRST, 1, table.entries(FIRST));
        TableSnapshot made = writer.commit(table.logged(), found, FIRST, again);
        assertEquals(1, writer.removeLeftovers(table.logged(), made, FIRST.to()));
        assertEquals(table.liveFiles(), table.filesThere());

        table.commit(writer, made, SECOND);
        assertEquals(0, writer.removeLeftovers(table.logged(), made, FIRST.to()));
        assertEquals(TestTable.seqs(new StreamRange(0, 7)), table.seqsByDuckDb());
    }

    /** What Spark does on a local file system: it looks, sees no such version, and renames its own onto ours. */
    @Test
    void aCommitThatIsReplacedAtOnceIsNoCommit() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        DeltaTableWriter unlucky = TestTable.writer("log-1", storage);
        TableSnapshot base = unlucky.load(table.logged());
        DataFile file = unlucky.write(table.logged(), base, FIRST, 0, table.entries(FIRST));
        storage.onLink(() -> replace(table.version(1)));
        assertThrows(IOException.class, () -> unlucky.commit(table.logged(), base, FIRST, file));

        storage.onLink(() -> {});
        TableSnapshot found = unlucky.load(table.logged());
        assertTrue(found.committedTo().isEmpty());
        TableSnapshot made = unlucky.commit(table.logged(), found, FIRST, file);
        assertEquals(2, table.latestVersion());
        assertTrue(unlucky.isStillThere(table.logged(), made));
        assertEquals(TestTable.seqs(FIRST), table.seqsByKernel());
        unlucky.removeLeftovers(table.logged(), made, 0);
        assertEquals(TestTable.seqs(FIRST), table.seqsByDuckDb());
    }

    /** Renames another commit onto a version, of the same length and instant. */
    private static void replace(Path version) throws IOException {
        FileTime modified = Files.getLastModifiedTime(version);
        long length = Files.size(version);
        String commit = "{\"commitInfo\":{\"timestamp\":1,\"operation\":\"WRITE\"}}";
        Path theirs = version.resolveSibling(".theirs.tmp");
        Files.writeString(theirs, commit + " ".repeat((int) length - commit.length() - 1) + "\n");
        Files.setLastModifiedTime(theirs, modified);
        Files.move(theirs, version, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(length, Files.size(version));
        assertEquals(modified, Files.getLastModifiedTime(version));
    }

    /** Somebody came first, the same file was tried again on their version, and the answer to that was lost. */
    @Test
    void aFileThatWasTriedOnSeveralVersionsIsFoundFromTheFirstOn() throws Exception {
        TableSnapshot base = writer.load(table.logged());
        DataFile file = writer.write(table.logged(), base, FIRST, 0, table.entries(FIRST));
        append(table, "log-2", new StreamRange(100, 101));
        assertThrows(IOException.class, () -> writer.commit(table.logged(), base, FIRST, file));
        TableSnapshot theirs = writer.load(table.logged());
        assertFalse(writer.tookIn(table.logged(), base, theirs, file));
        writer.commit(table.logged(), theirs, FIRST, file);
        append(table, "log-2", new StreamRange(101, 102));
        assertTrue(writer.tookIn(table.logged(), base, writer.load(table.logged()), file));
    }

    @Test
    void whereLogCleanupTookTheCommitTheTablesFilesTellWhetherItIsIn() throws Exception {
        TestTable often = TestTable.create(
                root.resolve("often"),
                "{\"minReaderVersion\":1,\"minWriterVersion\":2}",
                "{\"delta.checkpointInterval\":\"1\"}");
        TableSnapshot base = writer.load(often.logged());
        DeltaTableWriter late = TestTable.writer("log-1", new LocalStorage());
        DataFile lates = late.write(often.logged(), base, FIRST, 0, often.entries(FIRST));
        DataFile file = writer.write(often.logged(), base, FIRST, 0, often.entries(FIRST));
        writer.commit(often.logged(), base, FIRST, file);
        append(often, "log-2", new StreamRange(100, 101));
        for (int version = 0; version < 2; version++) {
            Files.delete(often.version(version));
        }

        TableSnapshot current = writer.load(often.logged());
        assertEquals(3, current.committedTo().orElseThrow());
        assertTrue(writer.tookIn(often.logged(), base, current, file));
        assertFalse(late.tookIn(often.logged(), base, current, lates));

        String name = List.copyOf(often.filesThere()).stream()
                .filter(other -> other.contains(run))
                .findFirst()
                .orElseThrow();
        Files.writeString(
                often.version(3),
                "{\"remove\":{\"path\":\"" + name + "\",\"deletionTimestamp\":1,\"dataChange\":false}}\n");
        assertFalse(
                writer.tookIn(often.logged(), base, writer.load(often.logged()), file), "nothing shows it any more");
    }
}
