package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spark changes a table while devices insert and the gateway commits every second. What Spark changes is marked, and
 * bounded by a number that each device has passed, so it is known of every row what must have become of it.
 */
@Tag("spark")
class SparkBesideGatewayTest {
    private static final String TABLE = "main.fleet.readings";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ROUNDS = 2;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    /** Commits of the gateway that got in between Spark's reading and committing. */
    private long overtaken;

    @Test
    void neitherLosesToTheOther() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory, Jdks.current(), "commit: { interval: 1s }\n")) {
            program.createTable(TABLE, Fleet.COLUMNS);
            program.start();
            String token = program.token("fleet", TABLE);
            Path table = program.tableDirectory(TABLE);
            long changedTo = 0;
            List<List<@Nullable Object>> bySpark = new ArrayList<>();
            Fleet fleet = new Fleet(program, TABLE, token, 2);
            try (fleet) {
                changeProperties(table);
                for (int round = 1; round <= ROUNDS; round++) {
                    long to = awaitRows(fleet, table);
                    change(table, fleet, changedTo, to);
                    merge(table, fleet, changedTo, to, round);
                    bySpark.add(row("spark", round, "merged", (long) -round, null));
                    optimize(table);
                    changedTo = to;
                    if (round == 1) {
                        addColumn(program, table, token);
                        bySpark.add(row("probe", 0, null, null, 1L));
                        fleet.sendExtra();
                    }
                }
                if (evolvingMerge(table)) {
                    bySpark.add(row("spark", 100, "evolved", null, null));
                }
                program.runConfigured("verify").ok();
                forgetOldCommits(table);
                LocalSpark.timed("VACUUM", "VACUUM " + LocalSpark.at(table));
                awaitRows(fleet, table);
            }
            assertEquals(0, program.terminate());
            program.runConfigured("verify").ok();
            assertEquals(expected(fleet, changedTo, bySpark), rows(table));
            System.out.println("commits between Spark's reading and committing: " + overtaken);
            assertTrue(overtaken > 0, "Spark and the gateway never met");
        }
    }

    /** What the gateway is told of nothing but the table: its next commit is built on other metadata. */
    private static void changeProperties(Path table) {
        LocalSpark.timed(
                "SET TBLPROPERTIES",
                "ALTER TABLE " + LocalSpark.at(table) + " SET TBLPROPERTIES ('delta.checkpointInterval' = '10')");
    }

    /** The number of rows that each device has in the table, after some more than before. */
    private static long awaitRows(Fleet fleet, Path table) {
        long to = fleet.ackedByAll() + 100;
        Eventually.holds("rows to " + to, PATIENCE, () -> {
            List<Row> last = LocalSpark.sql(
                    "SELECT device, max(seq) FROM " + LocalSpark.at(table) + " WHERE device LIKE 'd%' GROUP BY device");
            return last.size() == fleet.devices().size() && last.stream().allMatch(row -> row.getLong(1) > to);
        });
        return to;
    }

    private void change(Path table, Fleet fleet, long from, long to) {
        long each = fleet.devices().size() * marked("delete", from, to);
        List<Row> deleted = LocalSpark.timed(
                "DELETE", "DELETE FROM " + LocalSpark.at(table) + " WHERE mark = 'delete' AND seq <= " + to);
        assertEquals(each, deleted.get(0).getLong(0));
        overtaken += overtaken(table, "DELETE");
        List<Row> updated = LocalSpark.timed(
                "UPDATE",
                "UPDATE " + LocalSpark.at(table) + " SET value = -seq WHERE mark = 'update' AND value > 0 AND seq <= "
                        + to);
        assertEquals(
                fleet.devices().size() * marked("update", from, to),
                updated.get(0).getLong(0));
        overtaken += overtaken(table, "UPDATE");
    }

    private void merge(Path table, Fleet fleet, long from, long to, int round) {
        LocalSpark.timed(
                "MERGE", """
                MERGE INTO %s t
                USING (
                  SELECT concat('d', d) AS device, seq FROM range(%d) AS ds(d), range(%d, %d) AS seqs(seq)
                  WHERE seq %% 5 IN (3, 4)
                  UNION ALL SELECT 'spark', %d
                ) s
                ON t.device = s.device AND t.seq = s.seq
                WHEN MATCHED AND t.mark = 'merge-delete' THEN DELETE
                WHEN MATCHED THEN UPDATE SET value = -t.seq
                WHEN NOT MATCHED THEN INSERT (device, seq, mark, value) VALUES (s.device, s.seq, 'merged', -s.seq)
                """.formatted(LocalSpark.at(table), fleet.devices().size(), from + 1, to + 1, round));
        overtaken += overtaken(table, "MERGE");
    }

    private void optimize(Path table) {
        LocalSpark.timed("OPTIMIZE", "OPTIMIZE " + LocalSpark.at(table));
        overtaken += overtaken(table, "OPTIMIZE");
    }

    /** Rows with the new column are taken as soon as the gateway has seen it; until then they are refused whole. */
    private static void addColumn(HeadgateProgram program, Path table, String token) {
        LocalSpark.timed("ADD COLUMN", "ALTER TABLE " + LocalSpark.at(table) + " ADD COLUMN (extra BIGINT)");
        Eventually.holds(
                "the new column is taken",
                PATIENCE,
                () -> program.post(TABLE, token, "{\"device\":\"probe\",\"seq\":0,\"extra\":1}")
                                .statusCode()
                        == 200);
    }

    /** A MERGE that changes the schema may lose to any commit, ours too, and then has no effect. Whether it won. */
    private static boolean evolvingMerge(Path table) {
        try {
            LocalSpark.timed("MERGE WITH SCHEMA EVOLUTION", """
                    MERGE WITH SCHEMA EVOLUTION INTO %s t
                    USING (SELECT 'spark' AS device, 100L AS seq, 'evolved' AS mark, 1L AS more) s
                    ON t.device = s.device AND t.seq = s.seq
                    WHEN NOT MATCHED THEN INSERT *
                    """.formatted(LocalSpark.at(table)));
            return true;
        } catch (ConcurrentModificationException e) {
            System.out.println(
                    "MERGE WITH SCHEMA EVOLUTION lost: " + e.getClass().getName());
            return false;
        }
    }

    /** Makes all but the newest commits look older than the log is kept, and waits until a checkpoint removes them. */
    private static void forgetOldCommits(Path table) throws IOException {
        Path first = table.resolve("_delta_log/00000000000000000000.json");
        try (Stream<Path> log = Files.list(first.getParent())) {
            List<Path> versions = log.filter(
                            file -> file.getFileName().toString().matches("\\d{20}\\..*"))
                    .sorted()
                    .toList();
            for (Path file : versions.subList(0, versions.size() - 25)) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(60))));
            }
        }
        Eventually.holds("old commits are removed", PATIENCE, () -> !Files.exists(first));
    }

    /** How many commits came between what Spark's last operation of a kind read and what it wrote. */
    private static long overtaken(Path table, String operation) {
        Row last = LocalSpark.sql("DESCRIBE HISTORY " + LocalSpark.at(table) + " LIMIT 30").stream()
                .filter(row -> row.<String>getAs("operation").equals(operation))
                .findFirst()
                .orElseThrow();
        assertTrue(
                List.of("WriteSerializable", "SnapshotIsolation").contains(last.<String>getAs("isolationLevel")),
                last.toString());
        return last.<Long>getAs("version") - last.<Long>getAs("readVersion") - 1;
    }

    private static List<String> expected(Fleet fleet, long changedTo, List<List<@Nullable Object>> bySpark) {
        List<List<@Nullable Object>> rows = new ArrayList<>(bySpark);
        for (Fleet.Device device : fleet.devices()) {
            LongStream.rangeClosed(1, device.acked())
                    .filter(seq -> seq > changedTo || !Fleet.mark(seq).endsWith("delete"))
                    .mapToObj(seq -> row(
                            device.name,
                            seq,
                            Fleet.mark(seq),
                            seq <= changedTo && Fleet.mark(seq).endsWith("update") ? -seq : seq,
                            seq >= device.extraFrom() ? seq : null))
                    .forEach(rows::add);
        }
        return rows.stream().map(List::toString).sorted().toList();
    }

    private static List<String> rows(Path table) {
        return LocalSpark.timed("reading all", "SELECT device, seq, mark, value, extra FROM " + LocalSpark.at(table))
                .stream()
                .map(row -> row.toSeq().mkString("[", ", ", "]"))
                .sorted()
                .toList();
    }

    private static List<@Nullable Object> row(
            String device, long seq, @Nullable String mark, @Nullable Long value, @Nullable Long extra) {
        List<@Nullable Object> row = new ArrayList<>();
        row.add(device);
        row.add(seq);
        row.add(mark);
        row.add(value);
        row.add(extra);
        return row;
    }

    private static long marked(String mark, long from, long to) {
        return LongStream.rangeClosed(from + 1, to)
                .filter(seq -> Fleet.mark(seq).equals(mark))
                .count();
    }
}
