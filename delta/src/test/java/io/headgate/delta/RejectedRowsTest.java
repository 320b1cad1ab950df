package io.headgate.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.TableChangedException;
import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.EntrySource;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.DataFileName.Origin;
import io.headgate.delta.parquet.TypedRows;
import io.headgate.model.StreamRange;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.SchemaJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that were acknowledged and that a changed table cannot take: kept, found again, and counted once. */
class RejectedRowsTest {
    private static final StreamRange RANGE = new StreamRange(4, 6);

    private static final List<Column> OLD = List.of(
            new Column("seq", ColumnType.INTEGER, false),
            new Column("device", ColumnType.STRING, true),
            new Column("gone", ColumnType.DOUBLE, true),
            new Column("at", ColumnType.TIMESTAMP, true));

    /** The table as it is: seq became BIGINT, gone was dropped, at became NOT NULL. */
    private static final List<Column> NEW = List.of(
            new Column("seq", ColumnType.LONG, false),
            new Column("device", ColumnType.STRING, true),
            new Column("at", ColumnType.TIMESTAMP, false));

    @TempDir
    Path root;

    private final String run = TestTable.run();
    private final FaultyStorage storage = new FaultyStorage();
    private final DeltaTableWriter writer = TestTable.writer("log-1", run, storage);
    private TestTable table;

    @BeforeEach
    void createTable() throws Exception {
        table = TestTable.create(root);
        table.foreignSchema(NEW);
    }

    private EntrySource entries() {
        return consumer -> {
            consumer.accept(table.entry(
                    4,
                    OLD,
                    List.<@Nullable Object[]>of(
                            TypedRows.row(40, "fits", null, 1_000_000L),
                            TypedRows.row(41, "quote \" and \u00e4", Double.NaN, null),
                            TypedRows.row(42, null, null, 2_000_000L))));
            consumer.accept(table.entry(5, OLD, List.<@Nullable Object[]>of(TypedRows.row(50, "late", null, null))));
        };
    }

    private DataFile write(DeltaTableWriter by, TableSnapshot base, int attempt) throws Exception {
        return by.write(table.logged(), base, RANGE, attempt, entries());
    }

    private static String text(ResultSet row) {
        try {
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                values.add(row.getString(i));
            }
            return String.join(" | ", values);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void eachRowIsJudgedByItself() throws Exception {
        TableSnapshot base = writer.load(table.logged());
        DataFile file = write(writer, base, 0);
        assertEquals(2, file.rowCount());
        assertEquals(2, file.rejectedRows());
        writer.commit(table.logged(), base, RANGE, file);

        assertEquals(List.of(40L, 42L), table.seqsByDuckDb());
        assertEquals(List.of(40L, 42L), table.seqsByKernel());
        assertEquals(List.of(41L, 50L), table.seqsRejected());
        assertEquals(
                Optional.of(new CommittedRange("log-1", RANGE, Optional.of(new Origin(run, 0)), 2, 2)),
                CommittedRange.parse(
                        table.action(2, "commitInfo").get("engineInfo").asText()));
    }

    @Test
    void whatIsKeptSaysWhereItCameFromAndWhy() throws Exception {
        TableSnapshot base = writer.load(table.logged());
        writer.commit(table.logged(), base, RANGE, write(writer, base, 0));
        Path file = table.rejectedClaimed().get(0);

        List<String> rows = new ArrayList<>();
        TestTable.duckDb(
                "SELECT position, record, epoch_us(receive_time), reason, \"row\", \"schema\", records FROM read_parquet('"
                        + file + "') ORDER BY position",
                row -> rows.add(text(row)));
        String schema = SchemaJson.write(OLD);
        assertEquals(
                List.of(
                        "4 | 1 | 1700000000004000 | column 'at' became NOT NULL, and is NULL here; column 'gone' was"
                                + " dropped, and has a value here | {\"seq\":41,\"device\":\"quote \\\" and \u00e4\","
                                + "\"gone\":\"NaN\",\"at\":null} | " + schema + " | 3",
                        "5 | 0 | 1700000000005000 | column 'at' became NOT NULL, and is NULL here |"
                                + " {\"seq\":50,\"device\":\"late\",\"gone\":null,\"at\":null} | " + schema + " | 1"),
                rows);

        List<String> types = new ArrayList<>();
        TestTable.duckDb("DESCRIBE SELECT * FROM read_parquet('" + file + "')", row -> {
            types.add(TestTable.textAt(row, 1) + " " + TestTable.textAt(row, 2));
        });
        assertEquals(
                List.of(
                        "position BIGINT",
                        "record INTEGER",
                        "receive_time TIMESTAMP WITH TIME ZONE",
                        "reason VARCHAR",
                        "row VARCHAR",
                        "schema VARCHAR",
                        "records INTEGER"),
                types);
    }

    /** The bytes, the file's name, and the names that lead to it: all before the commit that counts them. */
    @Test
    void whatIsKeptIsOnTheMediumBeforeTheCommit() throws Exception {
        TableSnapshot base = writer.load(table.logged());
        storage.operations().clear();
        writer.commit(table.logged(), base, RANGE, write(writer, base, 0));
        List<String> steps = storage.operations();
        String file = table.rejectedClaimed().get(0).getFileName().toString();
        List<String> order = List.of(
                "createDirectory _zerobus",
                "createDirectory table_rejected_parquets",
                "forceDirectory telemetry",
                "forceDirectory _zerobus",
                "create " + file,
                "write " + file,
                "force " + file,
                "close " + file,
                "forceDirectory table_rejected_parquets",
                "link 00000000000000000002.json");
        int at = -1;
        for (String step : order) {
            int next = steps.subList(at + 1, steps.size()).indexOf(step);
            assertTrue(next >= 0, step + " after step " + at + " of " + steps);
            at += next + 1;
        }
    }

    /** A process that died in between may have made the directories and forced nothing. */
    @Test
    void directoriesThatAreThereAreForcedAllTheSame() throws Exception {
        Files.createDirectories(table.rejectedDirectory());
        TableSnapshot base = writer.load(table.logged());
        storage.operations().clear();
        write(writer, base, 0);
        List<String> steps = storage.operations();
        assertTrue(steps.contains("forceDirectory telemetry") && steps.contains("forceDirectory _zerobus"), "" + steps);
    }

    @Test
    void whatWasWrittenAndNotCommittedIsRemoved() throws Exception {
        DeltaTableWriter before = TestTable.writer("log-1", new LocalStorage());
        write(before, before.load(table.logged()), 0);
        DeltaTableWriter others = TestTable.writer("log-2", new LocalStorage());
        write(others, others.load(table.logged()), 0);
        Path foreign = Files.createFile(table.rejectedDirectory()
                .resolve("another.headgate-log-1-"
                        + "00000000000000000004-00000000000000000006-0-00000000000000ab.parquet"));

        TableSnapshot base = writer.load(table.logged());
        write(writer, base, 0);
        DataFile file = write(writer, base, 1);
        TableSnapshot made = writer.commit(table.logged(), base, RANGE, file);
        assertEquals(5, table.rejectedThere().size());
        assertEquals(
                4, writer.removeLeftovers(table.logged(), made, RANGE.from()), "two data files, two of rejected rows");

        Set<Path> left = table.rejectedThere();
        assertTrue(left.containsAll(table.rejectedClaimed()) && left.contains(foreign), "" + left);
        assertEquals(3, left.size(), "and that of another log");
        assertEquals(List.of(41L, 50L), table.seqsRejected());
    }

    @Test
    void whoLooksAtTheTableFindsThem() throws Exception {
        assertEquals(
                List.of(),
                TableVersion.latest(table.catalog(), TestTable.name()).rejectedFiles());
        TableSnapshot base = writer.load(table.logged());
        write(writer, base, 0);
        writer.commit(table.logged(), base, RANGE, write(writer, base, 1));

        TableVersion version = TableVersion.latest(table.catalog(), TestTable.name());
        List<RejectedFile> files = version.rejectedFiles();
        assertEquals(2, files.size());
        List<CommittedRange> ranges = new ArrayList<>();
        version.commits(commit -> commit.range().ifPresent(ranges::add));
        assertEquals(1, ranges.size());
        assertEquals(4, ranges.get(0).loggedRows());
        List<RejectedFile> claimed =
                files.stream().filter(file -> file.isOf(ranges.get(0))).toList();
        assertEquals(1, claimed.size());
        assertEquals(RANGE, claimed.get(0).name().range());
        assertEquals(1, claimed.get(0).name().origin().attempt());
        assertEquals(2, claimed.get(0).rows());
        Files.writeString(claimed.get(0).path(), "no Parquet");
        assertThrows(IOException.class, () -> claimed.get(0).rows());
    }

    /** The version from our last commit may be older than the schema that rows were checked against. */
    @Test
    void rowsOfANewerSchemaThanTheVersionAtHandAreNotRejected() throws Exception {
        StreamRange first = new StreamRange(0, 1);
        List<Column> newer = TestTable.with(NEW, new Column("extra", ColumnType.STRING, true));
        TableSnapshot base = writer.load(table.logged());
        EntrySource old = consumer ->
                consumer.accept(table.entry(0, NEW, List.<@Nullable Object[]>of(TypedRows.row(1L, "d", 1L))));
        TableSnapshot stale =
                writer.commit(table.logged(), base, first, writer.write(table.logged(), base, first, 0, old));
        table.foreignSchema(newer);

        StreamRange next = new StreamRange(1, 2);
        EntrySource entries = consumer ->
                consumer.accept(table.entry(1, newer, List.<@Nullable Object[]>of(TypedRows.row(11L, "d", 1L, "x"))));
        assertThrows(TableChangedException.class, () -> writer.write(table.logged(), stale, next, 0, entries));
        assertFalse(Files.exists(table.rejectedDirectory()));
        TableSnapshot fresh = writer.load(table.logged());
        DataFile file = writer.write(table.logged(), fresh, next, 1, entries);
        assertEquals(0, file.rejectedRows());
        writer.commit(table.logged(), fresh, next, file);
        assertEquals(List.of(1L, 11L), table.seqsByDuckDb());
    }

    @Test
    void aTableThatVanishedGetsNoDirectoryOfRejectedRows() throws Exception {
        TableSnapshot base = writer.load(table.logged());
        Files.move(table.location(), root.resolve("aside"));
        assertThrows(IOException.class, () -> write(writer, base, 0));
        assertFalse(Files.exists(table.location()));
    }

    @Test
    void anEmptyRangeIsACommitWithoutAFile() throws Exception {
        TableSnapshot base = writer.load(table.logged());
        DataFile file = writer.write(table.logged(), base, RANGE, 0, consumer -> {});
        assertEquals(0, file.rowCount() + file.rejectedRows() + file.sizeBytes());
        writer.commit(table.logged(), base, RANGE, file);
        assertEquals(2, table.actions(2).size(), "commitInfo and txn");
        assertEquals(Set.of(), table.filesThere());
        assertEquals(List.of(), table.seqsByKernel());
    }
}
