package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.DataFileName.Origin;
import io.headgate.model.StreamRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files go, and above all which stay. */
class LeftoversTest {
    private static final String OTHER_RUN = "00000000000000ab";

    @TempDir
    Path root;

    private static String name(String log, long from, long to) {
        return new DataFileName(log, new StreamRange(from, to), new Origin(OTHER_RUN, 0)).toString();
    }

    @Test
    void filesOfEarlierProcessesGoFromThePositionOn() throws Exception {
        TestTable table = TestTable.create(root);
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot current = table.commit(writer, writer.load(table.logged()), new StreamRange(5, 7));
        for (String file : Set.of(
                name("log-1", 4, 9),
                name("log-1", 5, 6),
                name("log-1", 8, 9),
                name("log-1-2", 5, 6),
                name("log", 5, 6),
                "part-00000-c000.snappy.parquet",
                "headgate-log-1-notours.parquet")) {
            Files.createFile(table.location().resolve(file));
        }
        Files.createFile(table.log().resolve(".00000000000000000001.json.headgate-log-1-" + OTHER_RUN + "-7.tmp"));
        Files.createFile(table.log().resolve(".00000000000000000001.json.headgate-log-1-2-" + OTHER_RUN + "-7.tmp"));

        Files.createFile(table.log().resolve(".probe.headgate-log-1-" + OTHER_RUN + "-1.tmp"));

        assertEquals(2, writer.removeLeftovers(table.logged(), current, 5));
        assertFalse(Files.exists(table.log().resolve(".probe.headgate-log-1-" + OTHER_RUN + "-1.tmp")));
        Set<String> left = table.filesThere();
        assertTrue(left.containsAll(table.liveFiles()));
        left.removeAll(table.liveFiles());
        assertEquals(
                Set.of(
                        name("log-1", 4, 9),
                        name("log-1-2", 5, 6),
                        name("log", 5, 6),
                        "part-00000-c000.snappy.parquet",
                        "headgate-log-1-notours.parquet"),
                left);
        assertFalse(
                Files.exists(table.log().resolve(".00000000000000000001.json.headgate-log-1-" + OTHER_RUN + "-7.tmp")));
        assertTrue(Files.exists(
                table.log().resolve(".00000000000000000001.json.headgate-log-1-2-" + OTHER_RUN + "-7.tmp")));
        assertEquals(0, writer.removeLeftovers(table.logged(), current, 5));
    }

    @Test
    void aFileThatNoCommitWasTriedWithGoes() throws Exception {
        TestTable table = TestTable.create(root);
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot base = writer.load(table.logged());
        StreamRange range = new StreamRange(0, 2);
        writer.write(table.logged(), base, range, 7, table.entries(range));
        TableSnapshot current = table.commit(writer, base, range);

        assertEquals(1, writer.removeLeftovers(table.logged(), current, 0));
        assertEquals(table.liveFiles(), table.filesThere());
    }

    /** It may be in the table, whatever we were told: only a later commit of the same rows shows that it is not. */
    @Test
    void aFileThatACommitWasTriedWithStaysUntilAnotherTookItsPlace() throws Exception {
        TestTable table = TestTable.create(root);
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot base = writer.load(table.logged());
        StreamRange range = new StreamRange(0, 2);
        DataFile file = writer.write(table.logged(), base, range, 7, table.entries(range));
        table.foreignProperty("owner", "somebody else");
        assertThrows(IOException.class, () -> writer.commit(table.logged(), base, range, file));
        TableSnapshot current = writer.load(table.logged());
        assertEquals(0, writer.removeLeftovers(table.logged(), current, 0));

        TableSnapshot made = table.commit(writer, current, range);
        assertEquals(1, writer.removeLeftovers(table.logged(), made, 0));
        assertEquals(table.liveFiles(), table.filesThere());
    }

    /** Time travel needs them. */
    @Test
    void aCommittedFileStaysWhenTheTableLetsGoOfIt() throws Exception {
        TestTable table = TestTable.create(root);
        DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
        TableSnapshot made = table.commit(writer, writer.load(table.logged()), new StreamRange(0, 2));
        String file = table.liveFiles().iterator().next();
        table.foreignCommit("{\"remove\":{\"path\":\"" + file + "\",\"deletionTimestamp\":1,\"dataChange\":false}}");
        table.commit(writer, writer.load(table.logged()), new StreamRange(2, 4));

        assertEquals(0, writer.removeLeftovers(table.logged(), made, 0));
        assertTrue(table.filesThere().contains(file));
        DeltaTableWriter next = TestTable.writer("log-1", new LocalStorage());
        assertEquals(0, next.removeLeftovers(table.logged(), next.load(table.logged()), 4));
        assertTrue(table.filesThere().contains(file));
    }

    @Test
    void namesAreReadAsTheyAreWritten() {
        DataFileName name = new DataFileName("a-B_9", new StreamRange(0, Long.MAX_VALUE), new Origin(OTHER_RUN, 12));
        assertEquals(Optional.of(name), DataFileName.parse(name.toString()));
        assertEquals(
                "headgate-a-B_9-00000000000000000000-09223372036854775807-12-00000000000000ab.parquet",
                name.toString());
        assertEquals(Optional.of(name), DataFileName.parse(name.part(0)));
        assertEquals(Optional.of(name), DataFileName.parse(name.part(123_456)));
        assertEquals(
                "headgate-a-B_9-00000000000000000000-09223372036854775807-12-00000000000000ab-00007.parquet",
                name.part(7));
        for (String other : new String[] {
            "headgate-a-00000000000000000002-00000000000000000001-0-00000000000000ab.parquet",
            "headgate-a-99999999999999999999-99999999999999999999-0-00000000000000ab.parquet",
            "headgate-a-00000000000000000000-00000000000000000001-0-ab.parquet",
            "headgate-00000000000000000000-00000000000000000001-0-00000000000000ab.parquet",
            name + ".tmp"
        }) {
            assertEquals(Optional.empty(), DataFileName.parse(other));
        }
    }

    @Test
    void aLogIdOrRunThatNoFileCanBeNamedByIsRefused() {
        for (String id : new String[] {"", "a/b", "..", "a b", "x".repeat(65)}) {
            assertThrows(IllegalArgumentException.class, () -> TestTable.writer(id, new LocalStorage()));
        }
        for (String run : new String[] {"", "0123456789ABCDEF", "0123456789abcde", "0123456789abcdef0"}) {
            assertThrows(IllegalArgumentException.class, () -> TestTable.writer("a", run, new LocalStorage()));
        }
        TestTable.writer("x".repeat(64), new LocalStorage());
        TestTable.writer(UUID.randomUUID().toString(), new LocalStorage());
    }

    @Test
    void whatACommitSaysAboutItselfIsRead() {
        StreamRange positions = new StreamRange(3, 9);
        CommittedRange range = new CommittedRange("log-1", positions, Optional.of(new Origin(OTHER_RUN, 2)), 42, 7);
        assertEquals(
                "headgate log=log-1 run=00000000000000ab from=3 to=9 attempt=2 rows=42 rejected=7", range.format());
        assertEquals(Optional.of(range), CommittedRange.parse(range.format()));
        assertEquals(Optional.of(range), CommittedRange.parse("Kernel-4.4.0/" + range.format()));
        assertEquals(49, range.loggedRows());
        assertEquals(
                Optional.of(new CommittedRange("log-1", positions, Optional.empty(), 42, 0)),
                CommittedRange.parse("Kernel-4.4.0/headgate log=log-1 from=3 to=9 rows=42"),
                "as the first versions wrote it");
        for (String other : new String[] {
            "Apache-Spark/4.2.0 Delta-Lake/4.4.0",
            "Kernel-4.4.0/headgate",
            "Kernel-4.4.0/headgate log=l from=9 to=3 rows=1",
            "Kernel-4.4.0/headgate log=l from=9999999999999999999 to=3 rows=1",
            "Kernel-4.4.0/headgate log=l run=ab from=3 to=9 attempt=0 rows=1 rejected=0"
        }) {
            assertEquals(Optional.empty(), CommittedRange.parse(other));
        }
    }
}
