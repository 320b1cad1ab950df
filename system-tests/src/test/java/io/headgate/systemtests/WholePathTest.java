package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headgate.model.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From a device's POST to a row that somebody else reads. */
class WholePathTest {
    private static final String TABLE = "main.fleet.everything";
    private static final String COLUMNS =
            "s STRING NOT NULL, b BOOLEAN, i8 TINYINT, i16 SMALLINT, i32 INT, i64 BIGINT, f FLOAT, d DOUBLE, day DATE,"
                    + " at TIMESTAMP, wall TIMESTAMP_NTZ";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    static List<Path> jdks() throws Exception {
        return Jdks.installed();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void everyTypeArrivesAsSent(Path jdk) throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory, jdk, "").asShipped()) {
            program.createTable(TABLE, COLUMNS);
            program.start();
            String token = program.token("device-1", TABLE);
            List<String> bodies = List.of("""
                    [{"s":"plain","b":true,"i8":-128,"i16":32767,"i32":-2147483648,"i64":9223372036854775807,
                      "f":1.5,"d":0.1,"day":"2024-02-29","at":"2026-11-22T14:05:51.123456Z",
                      "wall":"2026-11-22T14:05:51.5"}]""", """
                    [{"s":"\\u00e9\\ud83d\\ude80","b":false,"i8":1.0,"i16":"-32768","i32":2147483647,
                      "i64":"-9223372036854775808","f":"NaN","d":"-Infinity","day":-1,"at":-1,"wall":0},
                     {"s":"","at":"2026-11-22T16:05:51+02:00"}]""", """
                    {"s":"one object"}""");
            for (String body : bodies) {
                program.insert(TABLE, token, body);
            }
            DeltaFiles table = program.awaitRows(TABLE, 4);
            List<String> expected = List.of(
                    "plain|true|-128|32767|-2147483648|9223372036854775807|1.5|0.1|2024-02-29|2026-11-22"
                            + " 14:05:51.123456+00|2026-11-22 14:05:51.5",
                    "é🚀|false|1|-32768|2147483647|-9223372036854775808|nan|-inf|1969-12-31|1969-12-31"
                            + " 23:59:59.999999+00|1970-01-01 00:00:00",
                    "|null|null|null|null|null|null|null|null|2026-11-22 14:05:51+00|null",
                    "one object|null|null|null|null|null|null|null|null|null|null");
            String columns = Arrays.stream(COLUMNS.split(",", -1))
                    .map(column -> "coalesce(\"" + column.strip().split(" ", 2)[0] + "\"::VARCHAR, 'null')")
                    .reduce((a, b) -> a + " || '|' || " + b)
                    .orElseThrow();
            assertEquals(
                    expected.stream().sorted().toList(),
                    table.query("SELECT " + columns + " FROM rows").stream()
                            .map(row -> String.valueOf(row.get(0)))
                            .sorted()
                            .toList());
            assertEquals(
                    "[VARCHAR, BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, FLOAT, DOUBLE, DATE, TIMESTAMP WITH TIME"
                            + " ZONE, TIMESTAMP]",
                    table.query("SELECT column_type FROM (DESCRIBE rows)").stream()
                            .map(row -> String.valueOf(row.get(0)))
                            .toList()
                            .toString());
            assertEquals(0, program.terminate());
        }
    }

    @Test
    void aCommitSaysWhatItCovers() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            program.createTable(TABLE, "s STRING");
            program.start();
            String token = program.token("device-1", TABLE);
            program.insert(TABLE, token, "[{\"s\":\"a\"},{\"s\":\"b\"}]");
            assertEquals(0, program.terminate());
            List<JsonNode> actions = new DeltaFiles(program.tableDirectory(TABLE)).actions();
            JsonNode commit = only(actions, "commitInfo", actions.size());
            assertTrue(commit.get("isBlindAppend").asBoolean(), commit.toString());
            JsonNode txn = only(actions, "txn", actions.size());
            assertTrue(txn.get("appId").asText().startsWith("headgate/"), txn.toString());
            assertEquals(1, txn.get("version").asLong());
            JsonNode stats = new ObjectMapper()
                    .readTree(only(actions, "add", actions.size()).get("stats").asText());
            assertEquals(2, stats.get("numRecords").asInt());
            assertEquals("a", stats.get("minValues").get("s").asText());
            assertEquals("b", stats.get("maxValues").get("s").asText());
            assertEquals(0, stats.get("nullCount").get("s").asInt());
        }
    }

    /** The last action of that name. */
    private static JsonNode only(List<JsonNode> actions, String name, int before) {
        for (int i = before - 1; i >= 0; i--) {
            if (actions.get(i).has(name)) {
                return actions.get(i).get(name);
            }
        }
        throw new AssertionError("no " + name + " in " + actions);
    }

    @Test
    void aColumnAddedBySomebodyElseIsFilledFromThenOn() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            program.createTable(TABLE, "s STRING");
            program.start();
            String token = program.token("device-1", TABLE);
            program.insert(TABLE, token, "[{\"s\":\"old\"}]");
            program.awaitRows(TABLE, 1);
            ForeignCommits.addNullableColumn(program.tableDirectory(TABLE), "extra", "integer");
            Eventually.holds(
                    "the new column is taken",
                    Duration.ofSeconds(20),
                    () -> program.post(TABLE, token, "[{\"s\":\"new\",\"extra\":7}]")
                                    .statusCode()
                            == 200);
            DeltaFiles table = program.awaitRows(TABLE, 2);
            assertEquals(
                    List.of(7),
                    table.query("SELECT extra FROM rows WHERE s = 'new'").get(0));
        }
    }
}
