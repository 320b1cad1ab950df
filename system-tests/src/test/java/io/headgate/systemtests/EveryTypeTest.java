package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each case of each type, wherever a value may be: what is accepted is in the table as DuckDB reads it, what is not is told
 * of and in no table.
 */
class EveryTypeTest {
    private static final String TABLE = "main.fleet.everything";
    private static final ObjectMapper JSON = new ObjectMapper();
    // An answer tells of so many rejected records.
    private static final int REFUSED_A_REQUEST = 100;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void everyCaseIsStoredOrRefusedAsItShould() throws Exception {
        EveryCase cases = new EveryCase();
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            program.createTable(TABLE, cases.sql());
            program.start();
            String token = program.token("device-1", TABLE);
            List<EveryCase.Sent> accepted = cases.accepted();
            EveryCase.insert(program, TABLE, token, accepted);
            List<EveryCase.Sent> refused = cases.refused();
            for (int from = 0; from < refused.size(); from += REFUSED_A_REQUEST) {
                List<EveryCase.Sent> some = refused.subList(from, Math.min(from + REFUSED_A_REQUEST, refused.size()));
                HttpResponse<String> answer = EveryCase.post(program, TABLE, token, "?accept_partial=true", some);
                assertEquals(200, answer.statusCode(), answer.body());
                assertRejected(some, JSON.readTree(answer.body()));
            }
            assertEquals(0, program.terminate());
            cases.assertStored(accepted, cases.read(new DeltaFiles(program.tableDirectory(TABLE))));
        }
    }

    private static void assertRejected(List<EveryCase.Sent> sent, JsonNode told) {
        assertEquals(0, told.get("accepted").asInt());
        assertEquals(sent.size(), told.get("rejected").asInt());
        assertEquals(
                sent.stream().mapToInt(record -> record.problems().size()).sum(),
                told.get("problems").asInt());
        JsonNode details = told.get("details");
        int at = 0;
        for (int record = 0; record < sent.size(); record++) {
            for (Place.Told expected : sent.get(record).problems()) {
                JsonNode problem = Objects.requireNonNull(details.get(at), () -> "no more than " + details.size());
                assertEquals(record, problem.get("record").asInt(), problem::toString);
                assertEquals(record + 1, problem.get("line").asInt(), problem::toString);
                assertBegins(expected.path(), problem.get("path"), problem);
                assertBegins(expected.reason(), problem.get("reason"), problem);
                assertBegins(expected.expected(), problem.get("expected"), problem);
                assertTrue(problem.hasNonNull("got"), problem::toString);
                at++;
            }
        }
        assertEquals(at, details.size());
    }

    private static void assertBegins(String beginning, JsonNode text, JsonNode problem) {
        assertTrue(text.asText().startsWith(beginning), () -> beginning + " begins none of " + problem);
    }

    @Test
    void allThatIsWrongWithARequestIsTold() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            program.createTable(
                    TABLE,
                    "device STRING NOT NULL, temp DOUBLE, at TIMESTAMP, tags MAP<STRING, INT>,"
                            + " readings ARRAY<STRUCT<v: DECIMAL(5,2) NOT NULL>>");
            program.start();
            String token = program.token("device-1", TABLE);
            HttpResponse<String> answer = program.postWrong(TABLE, token, "", """
                    [{"device":"a","temp":"72F","at":"2026-11-22T08:00:00"},
                     {"device":"b","temp":1.5},
                     {"Device":"c","tags":{"x":1.5,"y":2}},
                     {"device":"d",
                      "readings":[{"v":"1.50"},{"v":1000},{}]},
                     7]""");
            assertEquals(400, answer.statusCode());
            assertEquals("""
                    0 $.temp (temp) at 1:23 is not a number
                      expected DOUBLE (a number up to 1.7976931348623157e308, or "NaN", "Infinity", "-Infinity")
                      got "72F"
                    0 $.at (at) at 1:34 has no zone: append "Z" if it is UTC, else its offset, such as "+02:00"
                      expected TIMESTAMP (microseconds since 1970-01-01T00:00:00Z, or ISO-8601 with a zone, such as \
                    "2026-01-31T08:00:00.5Z")
                      got "2026-11-22T08:00:00"
                    2 $.Device (Device) at 3:3 is not a column of the table
                      expected "device", since names are case-sensitive
                      got null
                    2 $.tags['x'] (tags) at 3:28 is not a whole number
                      expected INT (-2147483648 to 2147483647)
                      got 1.5
                    2 $.device (device) at 3:38 is missing by the end of the record
                      expected STRING (a JSON string), NOT NULL
                      got null
                    3 $.readings[1].v (v) at 5:33 is out of range
                      expected DECIMAL(5,2) (a number, or one in a string, of up to 3 digits before the point and 2 \
                    behind it), NOT NULL
                      got 1000
                    3 $.readings[2].v (v) at 5:40 is missing by the end of the struct
                      expected DECIMAL(5,2) (a number, or one in a string, of up to 3 digits before the point and 2 \
                    behind it), NOT NULL
                      got null
                    4 $ (null) at 6:2 is not a JSON object
                      expected a JSON object
                      got 7
                    """, problems(JSON.readTree(answer.body())));
            assertEquals(0, program.terminate());
            assertEquals(0, new DeltaFiles(program.tableDirectory(TABLE)).count());
        }
    }

    private static String problems(JsonNode refusal) {
        StringBuilder problems = new StringBuilder();
        for (JsonNode problem : refusal.get("details")) {
            problems.append("%d %s (%s) at %d:%d %s\n  expected %s\n  got %s\n"
                    .formatted(
                            problem.get("record").asInt(),
                            problem.get("path").asText(),
                            problem.path("field").asText("null"),
                            problem.get("line").asInt(),
                            problem.get("column").asInt(),
                            problem.get("reason").asText(),
                            problem.get("expected").asText(),
                            problem.path("got").asText("null")));
        }
        return problems.toString();
    }
}
