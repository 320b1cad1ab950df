package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Rows in each form and coding that a body may have, read back; and what is answered to others. */
class BodyFormsTest {
    private static final String TABLE = "main.fleet.forms";
    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";
    private static final String RECORD = "{\"request\":\"a\"}";
    private static final int SMALL = 3;
    private static final int LARGE = 5_000; // beyond what an event loop expands and decodes

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void everyFormInEveryCodingIsInTheTable() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory).asShipped()) {
            program.createTable(TABLE, "request STRING NOT NULL, n INT, temp DOUBLE");
            program.start();
            String token = program.token("device-1", TABLE);
            Map<String, Integer> expected = new HashMap<>();
            for (BodyCoding coding : BodyCoding.values()) {
                for (String type : List.of(JSON, NDJSON, "application/jsonl")) {
                    for (int records : new int[] {SMALL, LARGE}) {
                        String request = coding + " " + type + " " + records;
                        assertAccepted(send(program, token, coding, type, body(type, request, records)));
                        expected.put(request, records);
                    }
                }
            }
            DeltaFiles table = program.awaitRows(
                    TABLE, expected.values().stream().mapToInt(n -> n).sum());
            assertEquals(
                    expected,
                    table
                            .query("SELECT request, count(*)::INT FROM rows WHERE temp = n / 8.0 GROUP BY request"
                                    + " HAVING count(DISTINCT n) = count(*) AND min(n) = 0 AND max(n) = count(*) - 1")
                            .stream()
                            .collect(Collectors.toMap(row -> String.valueOf(row.get(0)), row -> (Integer) row.get(1))));
            assertEquals(0, program.terminate());
        }
    }

    private static String body(String type, String request, int records) {
        List<String> all = IntStream.range(0, records)
                .mapToObj(i -> "{\"request\":\"" + request + "\",\"n\":" + i + ",\"temp\":" + i / 8.0 + "}")
                .toList();
        return type.equals(JSON) ? "[" + String.join(",", all) + "]" : String.join("\n", all);
    }

    private static HttpResponse<String> send(
            HeadgateProgram program, String token, BodyCoding coding, String type, String body) throws Exception {
        byte[] sent = coding.encode(body.getBytes(StandardCharsets.UTF_8));
        return program.ingest()
                .send("POST", HeadgateProgram.insertPath(TABLE), headers(token, type, coding.header()), body, sent);
    }

    private static Map<String, String> headers(String token, String type, String coding) {
        return Map.of("Authorization", "Bearer " + token, "Content-Type", type, "Content-Encoding", coding);
    }

    private static void assertAccepted(HttpResponse<String> answer) {
        assertEquals("200 {}", answer.statusCode() + " " + answer.body());
    }

    @Test
    void whatIsNotTakenIsToldSo() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)
                .with("HEADGATE_HTTP_MAX_EXPANDED_BODY", "200KiB")
                .with("HEADGATE_HTTP_MAX_EXPANSION_RATIO", "20")) {
            program.createTable(TABLE, "request STRING");
            program.start();
            String token = program.token("device-1", TABLE);
            assertRefused(400, "\"line\":2", send(program, token, BodyCoding.IDENTITY, NDJSON, RECORD + "\n7"));
            String blanks = RECORD + " ".repeat(100 << 10);
            assertRefused(413, "http.max-expansion-ratio", send(program, token, BodyCoding.ZSTD, JSON, blanks));
            String numbers =
                    IntStream.range(0, 40_000).mapToObj(Integer::toString).collect(Collectors.joining(" "));
            String more = "{\"request\":\"" + numbers + "\"}";
            assertRefused(413, "http.max-expanded-body", send(program, token, BodyCoding.ZSTD, JSON, more));
            byte[] gzip = BodyCoding.GZIP.encode(RECORD.getBytes(StandardCharsets.UTF_8));
            HttpResponse<String> cut = postWrong(program, headers(token, JSON, "gzip"), Arrays.copyOf(gzip, 20));
            assertRefused(400, "ends before it is complete", cut);
            HttpResponse<String> brotli = postWrong(program, headers(token, JSON, "br"), gzip);
            assertRefused(415, "Content-Encoding 'br' is not supported", brotli);
            assertEquals(List.of("gzip, zstd, deflate"), brotli.headers().allValues("Accept-Encoding"));
            HttpResponse<String> csv = postWrong(program, headers(token, "text/csv", "gzip"), gzip);
            assertRefused(415, "Content-Type 'text/csv' is not supported", csv);
            assertEquals(
                    List.of("application/json, application/x-ndjson"),
                    csv.headers().allValues("Accept"));
            assertEquals(0, program.terminate());
            assertEquals(0, new DeltaFiles(program.tableDirectory(TABLE)).count());
        }
    }

    private static HttpResponse<String> postWrong(HeadgateProgram program, Map<String, String> headers, byte[] body)
            throws Exception {
        return program.ingest().postWrong(HeadgateProgram.insertPath(TABLE), headers, BodyPublishers.ofByteArray(body));
    }

    private static void assertRefused(int status, String saying, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains(saying), answer.body());
    }
}
