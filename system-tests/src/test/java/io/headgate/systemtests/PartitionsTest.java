package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a partitioned table are each in their partition, once, whatever becomes of the gateway. */
class PartitionsTest {
    private static final String TABLE = "main.fleet.parted";
    private static final String COLUMNS = "id BIGINT NOT NULL, country STRING NOT NULL, day DATE, note STRING";
    private static final String CONFIG =
            "commit: { interval: 100ms, max-open-partitions: 2 }\nlimits: { max-partitions: 5 }\n";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void rowsAreInTheirPartitionsAlsoAfterAKill() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory, Jdks.current(), CONFIG)) {
            program.createTable(TABLE, COLUMNS, "country,day");
            program.start();
            String token = program.token("device", TABLE);
            program.insert(TABLE, token, """
                    [{"id":1,"country":"NL","day":"2026-11-22"},{"id":2,"country":"NL"},
                     {"id":3,"country":"a/b=c %","day":"0001-01-01","note":"odd"},{"id":4,"country":"NL"}]""");
            refused(400, "country", program.post(TABLE, token, "{\"id\":9,\"country\":\"\"}"));
            refused(400, "day", program.post(TABLE, token, "{\"id\":9,\"country\":\"NL\",\"day\":2932897}"));
            refused(413, "limits.max-partitions", program.post(TABLE, token, rows(100, 6)));
            program.awaitRows(TABLE, 4);

            Files.move(directory.resolve("tables"), directory.resolve("away"));
            for (int i = 0; i < 4; i++) {
                program.insert(TABLE, token, rows(10 + 10 * i, 5));
            }
            program.kill();
            Files.move(directory.resolve("away"), directory.resolve("tables"));
            program.start();
            DeltaFiles files = program.awaitRows(TABLE, 4 + 4 * 5);

            assertEquals(
                    Stream.concat(
                                    Stream.of("1 NL 2026-11-22", "2 NL null", "3 a/b=c % 0001-01-01", "4 NL null"),
                                    IntStream.range(0, 20)
                                            .mapToObj(i -> (10 + i / 5 * 10 + i % 5) + " c" + i % 5 + " null"))
                            .sorted()
                            .toList(),
                    files.query("SELECT id, country, day FROM rows").stream()
                            .map(row -> row.get(0) + " " + row.get(1) + " " + row.get(2))
                            .sorted()
                            .toList());
            List<String> shown =
                    program.runConfigured("table", "rows", TABLE).ok().lines();
            assertTrue(
                    shown.contains("{\"id\":3,\"country\":\"a/b=c %\",\"day\":\"0001-01-01\",\"note\":\"odd\"}"),
                    shown::toString);
            assertEquals(24, shown.size());
            String description =
                    program.runConfigured("table", "show", TABLE).ok().out();
            assertTrue(description.contains("country, day"), description);
            assertEquals("committed", insertAndWait(program, token));
            assertEquals(0, program.terminate());
            program.runConfigured("verify", "--deep").ok();
        }
    }

    private static void refused(int status, String named, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains(named), answer.body());
    }

    /** Rows of as many partitions. */
    private static String rows(int firstId, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"id\":" + (firstId + i) + ",\"country\":\"c" + i + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String insertAndWait(HeadgateProgram program, String token) throws Exception {
        HttpResponse<String> answer = program.ingest()
                .send(
                        "POST",
                        HeadgateProgram.insertPath(TABLE) + "?wait=table",
                        Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json"),
                        rows(90, 5));
        JsonNode landed = JSON.readTree(answer.body());
        return landed.get("state").asText();
    }

    /** Where no locale is set, as in many containers, the JVM can name files in ASCII alone. */
    @Test
    void valuesBeyondAsciiNeedNoLocale() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory, Jdks.current(), CONFIG).with("LC_ALL", "C")) {
            program.createTable(TABLE, COLUMNS, "country");
            program.start();
            String token = program.token("device", TABLE);
            program.insert(TABLE, token, "[{\"id\":1,\"country\":\"\u00c5land\"},{\"id\":2,\"country\":\"NL\"}]");
            DeltaFiles files = program.awaitRows(TABLE, 2);
            assertEquals(List.of("NL", "\u00c5land"), files.values("country"));
            try (Stream<Path> children = Files.list(program.tableDirectory(TABLE))) {
                assertEquals(
                        Set.of("country=%C3%85land", "country=NL", "_delta_log"),
                        children.map(child -> child.getFileName().toString()).collect(Collectors.toSet()));
            }
            assertEquals(
                    2,
                    program.runConfigured("table", "rows", TABLE).ok().lines().size());
            assertEquals(0, program.terminate());
            program.runConfigured("verify", "--deep").ok();
        }
    }

    /** The rows of a log whose machine died, and those of one whose table is gone. */
    @Test
    void aLeftLogIsRecoveredOrGivenUp() throws Exception {
        Path export = directory.resolve("rows.json");
        try (HeadgateProgram program =
                new HeadgateProgram(directory, Jdks.current(), CONFIG).with("HEADGATE_COMMIT_INTERVAL", "1h")) {
            program.createTable(TABLE, COLUMNS, "country");
            program.start();
            String token = program.token("device", TABLE);
            for (int i = 0; i < 3; i++) {
                program.insert(TABLE, token, rows(10 * i, 5));
            }
            program.kill();
            Path dead = Files.move(directory.resolve("log"), directory.resolve("dead"));
            program.runConfigured("recover", "--log", dead.toString()).ok();
            DeltaFiles files = program.awaitRows(TABLE, 15);
            assertEquals(
                    List.of("c0", "c0", "c0", "c1"), files.values("country").subList(0, 4));
            program.with("HEADGATE_LOG_PATH", dead.toString())
                    .runConfigured("verify", "--deep")
                    .ok();

            program.with("HEADGATE_LOG_PATH", directory.resolve("log").toString())
                    .start();
            program.insert(TABLE, token, rows(90, 2));
            program.kill();
            program.runConfigured("log", "abandon", TABLE, "--export", export.toString())
                    .ok();
            assertEquals(2, Files.readAllLines(export).size());
        }
    }
}
