package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headgate.model.Eventually;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What a receipt tells, over restarts, changes of the table and the clean-up of its log. */
class ReceiptsTest {
    private static final String TABLE = "main.fleet.telemetry";
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void itTellsTheVersionAlsoAfterAKillAndWhichRowsWereRejected() throws Exception {
        Path tables = directory.resolve("tables");
        Path away = directory.resolve("away");
        try (HeadgateProgram program =
                new HeadgateProgram(directory, Jdks.current(), "commit: { interval: 100ms }\n")) {
            program.createTable(TABLE, "id BIGINT NOT NULL, note STRING");
            program.start();
            String token = program.token("device", TABLE);

            HttpResponse<String> waited = insert(program, token, "?wait=table", "{\"id\":1,\"note\":\"in time\"}");
            assertEquals(200, waited.statusCode());
            JsonNode landed = JSON.readTree(waited.body());
            assertEquals("committed", landed.get("state").asText());
            assertEquals(1, landed.get("table_version").asLong());
            String first = waited.headers().firstValue("headgate-receipt").orElseThrow();
            assertEquals(first, landed.get("receipt").asText());
            assertEquals(1, new DeltaFiles(program.tableDirectory(TABLE)).count(), "it is there when it is answered");

            Files.move(tables, away);
            String some = receipt(program, token, "[{\"id\":2,\"note\":\"late\"},{\"id\":3}]");
            String all = receipt(program, token, "{\"id\":4,\"note\":\"too\"}");
            assertEquals("durable", told(program, token, some).get("state").asText());
            program.kill();
            ForeignCommits.dropColumn(away.resolve(tables.relativize(program.tableDirectory(TABLE))), "note");
            Files.move(away, tables);
            program.start();
            program.awaitRows(TABLE, 2);

            JsonNode before = told(program, token, first);
            assertEquals(landed, before, "an older process told the same");
            Eventually.holds(
                    "the rejected rows are told of",
                    WITHIN,
                    () -> told(program, token, all).get("state").asText().equals("rejected"));
            JsonNode part = told(program, token, some);
            assertEquals("committed", part.get("state").asText());
            assertEquals(1, part.get("rejected_rows").asLong());
            assertEquals(0, part.get("rejected_records").get(0).get("record").asInt());
            assertTrue(
                    part.get("rejected_records").get(0).get("reason").asText().contains("note"), part.toString());

            assertEquals(404, ask(program, program.token("other", TABLE), first).statusCode());
            auditIsClean(program);
            assertEquals(0, program.terminate());
            program.runConfigured("verify", "--deep").ok();
        }
    }

    private static void auditIsClean(HeadgateProgram program) throws Exception {
        String metrics = program.management("/metrics").body();
        String table = "{table=\"" + TABLE + "\"} ";
        assertTrue(metrics.contains("headgate_audit_mismatch_rows" + table + "0.0\n"), metrics);
        assertTrue(metrics.contains("headgate_audit_recovered_rows" + table + "3.0\n"), metrics);
        assertTrue(metrics.contains("headgate_audit_committed_rows" + table + "1.0\n"), metrics);
        assertTrue(metrics.contains("headgate_audit_rejected_rows" + table + "2.0\n"), metrics);
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

    private static String receipt(HeadgateProgram program, String token, String body) throws Exception {
        HttpResponse<String> answer = insert(program, token, "", body);
        assertEquals("200 {}", answer.statusCode() + " " + answer.body());
        return answer.headers().firstValue("headgate-receipt").orElseThrow();
    }

    private static HttpResponse<String> ask(HeadgateProgram program, String token, String receipt) throws Exception {
        return program.ingest()
                .send("GET", "/zerobus/v1/receipts/" + receipt, Map.of("Authorization", "Bearer " + token), "");
    }

    private static JsonNode told(HeadgateProgram program, String token, String receipt) throws Exception {
        HttpResponse<String> answer = ask(program, token, receipt);
        assertEquals(200, answer.statusCode(), answer.body());
        return JSON.readTree(answer.body());
    }
}
