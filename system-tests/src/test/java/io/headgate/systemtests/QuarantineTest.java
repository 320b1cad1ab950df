package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Records that are rejected one by one are in a table of their own, as durable as those that were accepted. */
class QuarantineTest {
    private static final String TABLE = "main.fleet.pumps";
    private static final String REJECTED = "main.fleet.rejected";
    private static final String CONFIG = "quarantine: { table: " + REJECTED + " }\n";
    private static final String SPACED = "{ \"temp\" : \"w\\u00e4rm\", \"device\":\"b\" }";
    private static final String NESTED =
            "{\"device\":\"c \uD83D\uDE80\",\"readings\":[{\"v\":1},{\"v\":true}],\"temp\":[1]}";
    private static final String NO_DOUBLE = " is not a number (expected DOUBLE (a number up to 1.7976931348623157e308,"
            + " or \"NaN\", \"Infinity\", \"-Infinity\"), got ";
    private static final String ALL = "[{\"device\":\"a\",\"temp\":21.5},\n" + SPACED + ",\n" + NESTED
            + ",\n7,{\"device\":\"d\",\"readings\":[{\"v\":\"0.1\"}]}]";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void rejectedRecordsAreThereAlsoAfterAKill() throws Exception {
        try (HeadgateProgram program =
                new HeadgateProgram(directory, Jdks.current(), CONFIG).with("HEADGATE_COMMIT_INTERVAL", "1h")) {
            program.createTable(TABLE, "device STRING NOT NULL, temp DOUBLE, readings ARRAY<STRUCT<v: DECIMAL(9,3)>>");
            program.createTable(
                    REJECTED,
                    "received_at TIMESTAMP, source_table STRING, subject STRING, record STRING, reason STRING");
            program.start();
            String token = program.token("device-1", TABLE);
            JsonNode told = partly(program, token, ALL);
            assertEquals(2, told.get("accepted").asInt());
            assertEquals("[1,2,3]", told.get("rejected_indexes").toString());
            assertEquals(4, told.get("problems").asInt());
            assertEquals(REJECTED, told.get("quarantine").asText());
            assertEquals(0, partly(program, token, "[7]").get("accepted").asInt());
            program.kill();

            program.with("HEADGATE_COMMIT_INTERVAL", "100ms").start();
            DeltaFiles table = program.awaitRows(TABLE, 2);
            DeltaFiles rejected = program.awaitRows(REJECTED, 4);
            assertEquals(
                    List.of("a 21.5 null", "d null [{'v': 0.100}]"), texts(table, "device, temp, readings::VARCHAR"));
            assertEquals(
                    Stream.of(
                                    "7: $ is not a JSON object (expected a JSON object, got 7)",
                                    "7: $ is not a JSON object (expected a JSON object, got 7)",
                                    SPACED + ": $.temp" + NO_DOUBLE + "\"w\\u00e4rm\")",
                                    NESTED
                                            + ": $.readings[1].v is not a number (expected DECIMAL(9,3) (a number, or one in"
                                            + " a string, of up to 6 digits before the point and 3 behind it), got true);"
                                            + " $.temp" + NO_DOUBLE + "[...])")
                            .sorted()
                            .toList(),
                    texts(rejected, "record || ': ' || reason"));
            assertEquals(
                    List.of(TABLE + " device-1 true"),
                    texts(
                            rejected,
                            "DISTINCT source_table, subject, received_at BETWEEN now() - INTERVAL 10 MINUTE AND now()"));
            assertEquals(0, program.terminate());
        }
    }

    private static JsonNode partly(HeadgateProgram program, String token, String body) throws Exception {
        HttpResponse<String> answer = program.postWrong(TABLE, token, "?accept_partial=true", body);
        assertEquals(200, answer.statusCode(), answer.body());
        return new ObjectMapper().readTree(answer.body());
    }

    private static List<String> texts(DeltaFiles files, String columns) throws Exception {
        return files.query("SELECT " + columns + " FROM rows").stream()
                .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining(" ")))
                .sorted()
                .toList();
    }
}
