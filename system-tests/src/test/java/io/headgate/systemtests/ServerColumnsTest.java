package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Columns that the gateway writes, from the configuration and the token to what somebody else reads in the table. */
class ServerColumnsTest {
    private static final String TABLE = "main.fleet.telemetry";
    private static final String UNFIT = "main.fleet.unfit";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void aDeviceWithoutAClockGetsATimeAndNoOthersName() throws Exception {
        String config = """
                tables:
                  main.fleet.telemetry:
                    set-columns: { received_at: receive-time, ts: receive-time-if-absent, req: request-id, who: subject }
                  main.fleet.unfit: { set-columns: { received_at: receive-time } }
                """;
        try (HeadgateProgram program = new HeadgateProgram(directory, Jdks.current(), config)) {
            program.createTable(
                    TABLE,
                    "device_id STRING NOT NULL, ts TIMESTAMP NOT NULL, received_at TIMESTAMP_NTZ, req STRING, who STRING");
            program.createTable(UNFIT, "received_at STRING");
            Path stderr = program.startWithStderr();
            String token = program.pinnedToken("pump-17", "device_id", TABLE);

            long before = Instant.now().toEpochMilli();
            HttpResponse<String> rehearsed = insert(program, token, "?validate_only=true", "[{},{}]");
            assertEquals(
                    "2", rehearsed.headers().firstValue("Headgate-Validated").orElseThrow());
            HttpResponse<String> first =
                    insert(program, token, "", "[{},{\"device_id\":\"pump-17\",\"ts\":\"2026-01-31T08:00:00Z\"}]");
            assertEquals(200, first.statusCode(), first.body());
            long after = Instant.now().toEpochMilli();
            assertEquals(
                    403,
                    insert(program, token, "", "{\"device_id\":\"pump-18\"}").statusCode());
            assertEquals(
                    400, insert(program, token, "", "{\"who\":\"pump-17\"}").statusCode());

            DeltaFiles table = program.awaitRows(TABLE, 2);
            String request = first.headers().firstValue("X-Request-Id").orElseThrow();
            assertEquals(
                    List.of(List.of(2L, 1L, "pump-17", "pump-17", request)),
                    table.query("SELECT count(*), count(DISTINCT received_at), min(device_id), min(who), min(req)"
                            + " FROM rows WHERE device_id = who AND req = '" + request + "'"));
            List<Object> times = table.query("SELECT min(epoch_ms(received_at)), count(DISTINCT ts),"
                            + " sum(CASE WHEN epoch_ms(ts) = epoch_ms(received_at) THEN 1 ELSE 0 END),"
                            + " min(epoch_ms(ts)) FROM rows")
                    .get(0);
            long received = ((Number) times.get(0)).longValue();
            assertTrue(before <= received && received <= after, before + " <= " + received + " <= " + after);
            assertEquals(2L, times.get(1));
            assertEquals(1, ((Number) times.get(2)).intValue());
            assertEquals(Instant.parse("2026-01-31T08:00:00Z").toEpochMilli(), times.get(3));

            String seen = schema(program, token, "").body();
            assertTrue(
                    seen.contains("\"set_by\":\"receive-time-if-absent\"") && seen.contains("\"pinned\":true"), seen);
            String tag = schema(program, token, "").headers().firstValue("ETag").orElseThrow();
            assertEquals(304, schema(program, token, tag).statusCode());

            String key =
                    "tables.main.fleet.unfit.set-columns says that the column 'received_at' is set to receive-time";
            String unfitToken = program.token("device", UNFIT);
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> unfit = program.post(UNFIT, unfitToken, "{}");
                assertEquals(501, unfit.statusCode());
                assertTrue(
                        new ObjectMapper()
                                .readTree(unfit.body())
                                .get("message")
                                .asText()
                                .contains(key),
                        unfit.body());
            }
            assertTrue(program.runConfigured("doctor").out().contains(key));
            assertEquals(0, program.terminate());
            assertEquals(
                    1,
                    Files.readAllLines(stderr).stream()
                            .filter(line -> line.contains("\"level\":\"warn\"") && line.contains(key))
                            .count(),
                    "one line for the operator");
        }
    }

    private static HttpResponse<String> insert(HeadgateProgram program, String token, String query, String body)
            throws Exception {
        return program.ingest()
                .send(
                        "POST",
                        HeadgateProgram.insertPath(TABLE) + query,
                        Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json"),
                        body);
    }

    private static HttpResponse<String> schema(HeadgateProgram program, String token, String knownTag)
            throws Exception {
        Map<String, String> headers = new HashMap<>(Map.of("Authorization", "Bearer " + token));
        if (!knownTag.isEmpty()) {
            headers.put("If-None-Match", knownTag);
        }
        return program.ingest().send("GET", "/zerobus/v1/tables/" + TABLE + "/schema", headers, "");
    }
}
