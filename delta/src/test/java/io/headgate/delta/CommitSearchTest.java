package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.headgate.batching.Landing;
import io.headgate.batching.Landing.Rejected;
import io.headgate.batching.Landing.State;
import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.EntrySource;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.parquet.TypedRows;
import io.headgate.model.Seed;
import io.headgate.model.StreamRange;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which version brought a request's rows, as the table's own log tells. */
class CommitSearchTest {
    @TempDir
    Path root;

    private final DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());
    private TestTable table;

    @BeforeEach
    void createTable() throws Exception {
        table = TestTable.create(root);
    }

    private Landing landing(long position) throws IOException {
        return writer.landing(table.logged(), position);
    }

    private void own(long from, long to) throws IOException {
        commitOf("log-1", from, to);
    }

    private void commitOf(String log, long from, long to) throws IOException {
        table.foreignCommit(
                "{\"commitInfo\":{\"timestamp\":1,\"engineInfo\":\"Kernel-4.4.0/headgate log=" + log + " from=" + from
                        + " to=" + to + " rows=1 rejected=0\"}}",
                "{\"txn\":{\"appId\":\"headgate/" + log + "/" + table.logged().id() + "\",\"version\":" + to + "}}");
    }

    private void foreign() throws IOException {
        table.foreignCommit("{\"commitInfo\":{\"timestamp\":1,\"operation\":\"OPTIMIZE\"}}");
    }

    @Test
    void realCommitsAreFound() throws Exception {
        TableSnapshot first = table.commit(writer, writer.load(table.logged()), new StreamRange(0, 3));
        table.commit(writer, first, new StreamRange(3, 7));
        for (long position = 0; position < 7; position++) {
            assertEquals(Landing.committed(position < 3 ? 1 : 2), landing(position));
        }
    }

    /** Others optimize, delete and commit for other logs, before, after and between, also many in a row. */
    @Test
    void commitsOfOthersLieBetween() throws Exception {
        Random random = Seed.forTest("CommitSearchTest").random();
        NavigableMap<Long, Long> versions = new TreeMap<>();
        long position = 0;
        for (int i = 0; i < 40; i++) {
            int others = random.nextInt(4) == 0 ? random.nextInt(20) : random.nextInt(2);
            for (int j = 0; j < others; j++) {
                if (random.nextBoolean()) {
                    foreign();
                } else {
                    long from = random.nextInt(1_000);
                    commitOf("log-2", from, from + 10);
                }
            }
            long to = position + 1 + random.nextInt(5);
            own(position, to);
            versions.put(position, table.latestVersion());
            position = to;
        }
        foreign();
        for (long at = 0; at < position; at++) {
            assertEquals(Landing.committed(versions.floorEntry(at).getValue()), landing(at), "position " + at);
        }
    }

    @Test
    void whatLogCleanUpTookIsCommittedByAVersionThatNobodyKnows() throws Exception {
        for (long at = 0; at < 30; at += 3) {
            own(at, at + 3);
            foreign();
        }
        for (long version = 0; version <= 9; version++) {
            Files.delete(table.version(version));
        }
        Landing gone = landing(4);
        assertEquals(State.COMMITTED, gone.state());
        assertEquals(OptionalLong.empty(), gone.version());
        assertEquals("The table's log no longer tells by which version.", gone.note());
        assertEquals(Landing.committed(11), landing(15));
        assertEquals(Landing.committed(19), landing(29));
    }

    @Test
    void whatNoCommitHasWasGivenUp() throws Exception {
        own(0, 3);
        foreign();
        own(10, 12);
        foreign();
        assertEquals(Landing.committed(1), landing(2));
        assertEquals(State.ABANDONED, landing(3).state());
        assertEquals(State.ABANDONED, landing(9).state());
        assertEquals(Landing.committed(3), landing(10));
        assertEquals(State.ABANDONED, landing(12).state());
    }

    @Test
    void aTableThatIsAwayTellsNothing() throws Exception {
        Files.move(table.location(), root.resolve("away"));
        assertThrows(IOException.class, () -> landing(0));
    }

    @Test
    void rejectedRowsAreListedWithTheirReasons() throws Exception {
        List<Column> old = List.of(
                new Column("seq", ColumnType.LONG, false),
                new Column("device", ColumnType.STRING, true),
                new Column("gone", ColumnType.DOUBLE, true));
        table.foreignSchema(
                List.of(new Column("seq", ColumnType.LONG, false), new Column("device", ColumnType.STRING, true)));
        EntrySource entries = consumer -> {
            consumer.accept(table.entry(
                    4,
                    old,
                    List.<@Nullable Object[]>of(
                            TypedRows.row(40L, "fits", null), TypedRows.row(41L, "does not", 1.0))));
            consumer.accept(table.entry(5, old, List.<@Nullable Object[]>of(TypedRows.row(50L, "late", 2.0))));
            consumer.accept(table.entry(6, old, List.<@Nullable Object[]>of(TypedRows.row(60L, "fits", null))));
        };
        StreamRange range = new StreamRange(4, 7);
        TableSnapshot base = writer.load(table.logged());
        DataFile file = writer.write(table.logged(), base, range, 0, entries);
        writer.commit(table.logged(), base, range, file);

        String reason = "column 'gone' was dropped, and has a value here";
        OptionalLong version = OptionalLong.of(2);
        assertEquals(new Landing(State.COMMITTED, version, 1, List.of(new Rejected(1, reason)), ""), landing(4));
        assertEquals(new Landing(State.REJECTED, version, 1, List.of(new Rejected(0, reason)), ""), landing(5));
        assertEquals(new Landing(State.COMMITTED, version, 0, List.of(), ""), landing(6));

        for (Path aside : new ArrayList<>(table.rejectedThere())) {
            Files.delete(aside);
        }
        assertEquals(State.COMMITTED, landing(5).state());
        assertEquals(
                "The commit put 2 rows aside, and the file that tells whether any of these are among them is gone.",
                landing(5).note());
    }
}
