package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.LogEntry;
import io.headgate.batching.TableChangedException;
import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.model.StreamRange;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that change, move or vanish while rows wait for them. */
class ChangedTableTest {
    private static final StreamRange RANGE = new StreamRange(0, 3);

    @TempDir
    Path root;

    private TestTable table;
    private final DeltaTableWriter writer = TestTable.writer("log-1", new LocalStorage());

    @BeforeEach
    void createTable() throws Exception {
        table = TestTable.create(root);
    }

    private static String message(Throwable thrown) {
        return String.valueOf(thrown.getMessage());
    }

    private static Column column(int index) {
        return TestTable.COLUMNS.get(index);
    }

    /** No row that was accepted under the first schema fits a table with these columns: the commit carries no data. */
    private void rejected(String reason, Column... columns) throws Exception {
        table.foreignSchema(List.of(columns));
        TableSnapshot made = table.commit(writer, writer.load(table.logged()), RANGE);
        assertEquals(OptionalLong.of(RANGE.to()), made.committedTo());
        assertEquals(List.of(), List.copyOf(table.filesThere()));
        assertEquals(2, table.actions(2).size(), "commitInfo and txn");
        assertEquals(TestTable.seqs(RANGE), table.seqsRejected());
        assertEquals(Set.of(reason), table.rejectedReasons());
    }

    @Test
    void aNullableColumnThatSomebodyAddedIsNull() throws Exception {
        TableSnapshot before = writer.load(table.logged());
        table.foreignSchema(
                List.of(column(3), new Column("added", ColumnType.STRING, true), column(0), column(1), column(2)));
        TableSnapshot after = writer.load(table.logged());
        assertFalse(after.sameLayout(before));
        table.commit(writer, after, RANGE);

        List<String> rows = new ArrayList<>();
        String file =
                table.location().resolve(table.liveFiles().iterator().next()).toString();
        TestTable.duckDb(
                "SELECT seq, device, temp, \"at\", added FROM read_parquet('" + file + "') ORDER BY seq",
                row -> rows.add(text(row)));
        assertEquals(List.of("0 device-0 0.0 null null", "10 device-1 0.25 null null"), rows.subList(0, 2));
        assertEquals(TestTable.seqs(RANGE), table.seqsByKernel());
    }

    private static String text(ResultSet row) {
        try {
            return row.getString(1) + " " + row.getString(2) + " " + row.getString(3) + " " + row.getString(4) + " "
                    + row.getString(5);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aColumnThatBecameNullableTakesWhatItTook() throws Exception {
        table.foreignSchema(List.of(new Column("seq", ColumnType.LONG, true), column(1), column(2), column(3)));
        table.commit(writer, writer.load(table.logged()), RANGE);
        assertEquals(TestTable.seqs(RANGE), table.seqsByDuckDb());
    }

    @Test
    void valuesOfADroppedColumnAreNotDropped() throws Exception {
        rejected("column 'temp' was dropped, and has a value here", column(0), column(1), column(3));
    }

    @Test
    void withoutIdsARenamedColumnIsAnother() throws Exception {
        rejected(
                "column 'temp' was dropped, and has a value here",
                column(0),
                column(1),
                new Column("Temp", ColumnType.DOUBLE, true),
                column(3));
    }

    @Test
    void valuesOfAnotherTypeAreRejected() throws Exception {
        rejected(
                "column 'temp' changed its type from DOUBLE to STRING",
                column(0),
                column(1),
                new Column("temp", ColumnType.STRING, true),
                column(3));
    }

    @Test
    void aColumnThatBecameNotNullTakesWhatHasAValue() throws Exception {
        table.foreignSchema(List.of(column(0), column(1), new Column("temp", ColumnType.DOUBLE, false), column(3)));
        table.commit(writer, writer.load(table.logged()), RANGE);
        assertEquals(TestTable.seqs(RANGE), table.seqsByDuckDb());
        assertEquals(List.of(), table.seqsRejected());
    }

    @Test
    void aMissingValueOfAColumnThatBecameNotNullIsRejected() throws Exception {
        rejected(
                "column 'at' became NOT NULL, and is NULL here",
                column(0),
                column(1),
                column(2),
                new Column("at", ColumnType.TIMESTAMP, false));
    }

    @Test
    void aNewColumnThatIsNotNullRejectsAll() throws Exception {
        rejected(
                "column 'added' was added as NOT NULL",
                column(0),
                column(1),
                column(2),
                column(3),
                new Column("added", ColumnType.STRING, false));
    }

    @Test
    void aFileWrittenBeforeAChangeIsNotCommittedAfterIt() throws Exception {
        TableSnapshot before = writer.load(table.logged());
        DataFile file = writer.write(table.logged(), before, RANGE, 0, table.entries(RANGE));
        table.foreignSchema(TestTable.with(TestTable.COLUMNS, new Column("added", ColumnType.STRING, true)));
        TableSnapshot after = writer.load(table.logged());

        assertThrows(IOException.class, () -> writer.commit(table.logged(), before, RANGE, file), "a conflict");
        assertThrows(IllegalArgumentException.class, () -> writer.commit(table.logged(), after, RANGE, file));
        assertEquals(1, table.latestVersion());
    }

    @Test
    void anAppendBySomebodyElseChangesNoLayout() throws Exception {
        TableSnapshot before = writer.load(table.logged());
        DataFile file = writer.write(table.logged(), before, RANGE, 0, table.entries(RANGE));
        DeltaTableWriter other = TestTable.writer("other", new LocalStorage());
        table.commit(other, other.load(table.logged()), new StreamRange(100, 101));
        TableSnapshot after = writer.load(table.logged());
        assertTrue(after.sameLayout(before));
        writer.commit(table.logged(), after, RANGE, file);
        assertTrue(table.seqsByKernel().containsAll(TestTable.seqs(RANGE)));
    }

    /** The old one's rows wait and say for what; the new one takes its own at once; either is by its id. */
    @Test
    void aTableThatWasCreatedAnewInThePlaceIsAnother() throws Exception {
        table.commit(writer, writer.load(table.logged()), RANGE);
        Files.move(table.location(), root.resolve("aside"));
        TestTable anew = TestTable.create(root);
        TableChangedException changed = assertThrows(TableChangedException.class, () -> writer.load(table.logged()));
        assertTrue(message(changed).contains("its id is " + anew.logged().id()), message(changed));
        assertTrue(message(changed).contains("rows wait for " + table.logged().id()), message(changed));

        StreamRange news = new StreamRange(3, 5);
        TableSnapshot made = anew.commit(writer, writer.load(anew.logged()), news);
        writer.removeLeftovers(anew.logged(), made, -1);
        assertThrows(TableChangedException.class, () -> writer.load(table.logged()));
        assertEquals(TestTable.seqs(news), anew.seqsByKernel());
        assertEquals(-1, anew.transaction("headgate/log-1/" + table.logged().id()));

        Files.move(anew.location(), root.resolve("anew"));
        Files.move(root.resolve("aside"), table.location());
        TableSnapshot back = writer.load(table.logged());
        assertEquals(RANGE.to(), back.committedTo().orElseThrow());
        table.commit(writer, back, new StreamRange(3, 7));
        assertEquals(TestTable.seqs(new StreamRange(0, 7)), table.seqsByKernel());
    }

    /** Whenever it happens between the look at a table and the commit to it, nothing of the old one gets into the new. */
    @Test
    void aTableThatIsCreatedAnewAtAnyStepGetsNoneOfTheOldOnesRows() throws Exception {
        int steps = 0;
        for (boolean intruded = true; intruded; steps++) {
            intruded = createAnewBefore(steps + 1);
        }
        assertTrue(steps > 12 && steps < 60, "A commit has a dozen steps or more, not " + steps);
    }

    private boolean createAnewBefore(int step) throws Exception {
        Path place = root.resolve("step-" + step);
        TestTable old = TestTable.create(place);
        FaultyStorage storage = new FaultyStorage();
        DeltaTableWriter slow = TestTable.writer("log-1", storage);
        TableSnapshot base = slow.load(old.logged());
        TestTable[] anew = new TestTable[1];
        storage.before(step, () -> {
            Files.move(old.location(), place.resolve("aside"));
            anew[0] = TestTable.create(place);
        });
        boolean committed = true;
        try {
            DataFile file = slow.write(old.logged(), base, RANGE, 0, old.entries(RANGE));
            slow.commit(old.logged(), base, RANGE, file);
        } catch (IOException e) {
            committed = false;
        }
        if (anew[0] == null) {
            assertTrue(committed);
            return false;
        }
        Path olds = place.resolve("aside/_delta_log/00000000000000000001.json");
        assertTrue(!committed || Files.exists(olds), "before step " + step);
        assertEquals(0, anew[0].latestVersion(), "before step " + step);
        assertFalse(Files.exists(anew[0].log().resolve("00000000000000000001.crc")), "before step " + step);
        assertThrows(TableChangedException.class, () -> slow.load(old.logged()));
        StreamRange news = new StreamRange(3, 5);
        anew[0].commit(slow, slow.load(anew[0].logged()), news);
        assertEquals(TestTable.seqs(news), anew[0].seqsByKernel());
        return true;
    }

    /** It may be on storage that is not mounted, which mends itself; a dropped one keeps its rows waiting all the same. */
    @Test
    void aTableThatIsNotThereMayComeBack() throws Exception {
        table.commit(writer, writer.load(table.logged()), RANGE);
        Path aside = root.resolve("aside");

        Files.move(table.location(), aside);
        assertTrue(message(assertThrows(IOException.class, () -> writer.load(table.logged())))
                .contains("not mounted"));
        Files.createDirectory(table.location());
        assertThrows(IOException.class, () -> writer.load(table.logged()));
        Files.createDirectory(table.log());
        assertThrows(IOException.class, () -> writer.load(table.logged()));

        Files.delete(table.log());
        Files.delete(table.location());
        Files.move(aside, table.location());
        assertEquals(3, writer.load(table.logged()).committedTo().orElseThrow());
    }

    @Test
    void aCommitToATableThatVanishedFails() throws Exception {
        TableSnapshot base = writer.load(table.logged());
        DataFile file = writer.write(table.logged(), base, RANGE, 0, table.entries(RANGE));
        Files.move(table.location(), root.resolve("aside"));
        assertThrows(IOException.class, () -> writer.commit(table.logged(), base, RANGE, file));
        assertFalse(Files.exists(table.location()), "no half a table comes to be");
    }

    /** We may have been idle for longer than the log goes back, while others went on: nobody has the next version then. */
    @Test
    void aVersionThatLogCleanupRemovedIsNotBuiltOn() throws Exception {
        TableSnapshot base = writer.load(table.logged());
        DataFile file = writer.write(table.logged(), base, RANGE, 0, table.entries(RANGE));
        Files.delete(table.version(0));
        assertThrows(IOException.class, () -> writer.commit(table.logged(), base, RANGE, file));
        assertFalse(Files.exists(table.version(1)));
    }

    @Test
    void aVersionThatIsRemovedWhileWeCommitIsNoticed() throws Exception {
        FaultyStorage storage = new FaultyStorage();
        DeltaTableWriter slow = TestTable.writer("log-1", storage);
        TableSnapshot base = slow.load(table.logged());
        DataFile file = slow.write(table.logged(), base, RANGE, 0, table.entries(RANGE));
        storage.onLink(() -> Files.delete(table.version(0)));
        assertThrows(IOException.class, () -> slow.commit(table.logged(), base, RANGE, file));
    }

    @Test
    void anotherTableOfTheSameLengthInItsPlaceIsNotBuiltOn() throws Exception {
        TestTable other = TestTable.create(root.resolve("other"));
        TableSnapshot base = writer.load(table.logged());
        DataFile file = writer.write(table.logged(), base, RANGE, 0, table.entries(RANGE));
        Files.move(table.location(), root.resolve("aside"));
        Files.move(other.location(), table.location());
        assertThrows(IOException.class, () -> writer.commit(table.logged(), base, RANGE, file));
        assertFalse(Files.exists(table.version(1)));
        assertThrows(TableChangedException.class, () -> writer.load(table.logged()));
    }

    @Test
    void aDamagedLogEntryIsNotWritten() throws Exception {
        TableSnapshot base = writer.load(table.logged());
        IOException damaged = assertThrows(
                IOException.class,
                () -> writer.write(
                        table.logged(),
                        base,
                        RANGE,
                        0,
                        consumer -> table.entries(RANGE)
                                .forEach(entry -> consumer.accept(new LogEntry(
                                        entry.position(),
                                        entry.schema(),
                                        entry.rowCount() + 1,
                                        entry.receiveTimeMillis(),
                                        entry.tags(),
                                        entry.sizeBytes(),
                                        entry.payload())))));
        assertTrue(message(damaged).contains("position 0"), message(damaged));
        assertEquals(List.of(), List.copyOf(table.filesThere()));
    }
}
