package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headgate.model.Eventually;
import io.headgate.model.Seed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a body is: it is accepted or refused as the contract has it, and never our fault; the table holds the rows of
 * those that were accepted, as somebody else reads them in what was sent, and no others; and nothing stays held.
 */
class BodyFuzzTest {
    private static final String TABLE = "main.fleet.fuzz";
    private static final int MAX_BODY_BYTES = 128 << 10;
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Set<Integer> STATUSES = Set.of(200, 400, 413);
    private static final JsonFactory JSON = new JsonFactory();

    private static final String SMALL = """
            limits: { max-entry-bytes: 1MiB, in-flight-bytes: 64MiB }
            log: { segment-bytes: 4MiB }
            """;
    private static final String CAPPED = "-Xmx128m -XX:+UseSerialGC -Dio.netty.maxDirectMemory=67108864";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final Map<Row, Integer> accepted = new HashMap<>();
    private final Map<Integer, Integer> statuses = new TreeMap<>();

    @Test
    void whateverComesIsAcceptedOrRefused() throws Exception {
        fuzz(1_000);
    }

    @Test
    @Tag("slow")
    void whateverComesForLong() throws Exception {
        fuzz(8_000);
    }

    private void fuzz(int bodies) throws Exception {
        Random random = Seed.forTest("BodyFuzzTest").random();
        BodyMutations mutations = new BodyMutations(random, MAX_BODY_BYTES);
        try (HeadgateProgram program = new HeadgateProgram(directory, Jdks.current(), SMALL)
                .with("HEADGATE_HTTP_MAX_BODY", "" + MAX_BODY_BYTES)
                .with("HEADGATE_HTTP_MAX_EXPANDED_BODY", "" + 2 * MAX_BODY_BYTES)
                .with("HEADGATE_HTTP_MAX_EXPANSION_RATIO", "100")
                .with("HEADGATE_JAVA_OPTS", CAPPED)) {
            program.createTable(TABLE, "id STRING NOT NULL, n BIGINT, x DOUBLE, ok BOOLEAN");
            program.start();
            String token = program.token("device-1", TABLE);
            send(program, token, mutations, random, bodies / 4);
            Usage before = Usage.of(program);
            send(program, token, mutations, random, bodies - bodies / 4);
            Usage after = Usage.of(program);
            System.out.println("BodyFuzzTest: answers " + statuses + ", before " + before + ", after " + after);
            assertEquals(STATUSES, statuses.keySet(), "each of them came");
            after.assertNoMoreThan(before);
            assertEquals(0, program.terminate());
            assertEquals(accepted, stored(program));
            assertFalse(Files.readString(program.log()).contains("OutOf"), "out of memory");
        }
    }

    private void send(HeadgateProgram program, String token, BodyMutations mutations, Random random, int bodies)
            throws Exception {
        for (int i = 0; i < bodies; i++) {
            BodyMutations.Body body = mutations.next();
            Map<String, String> headers = Map.of(
                    "Authorization",
                    "Bearer " + token,
                    "Content-Type",
                    body.lines() ? "application/x-ndjson" : "application/json",
                    "Content-Encoding",
                    body.coding().header());
            HttpResponse<String> answer = program.ingest()
                    .postWrong(
                            HeadgateProgram.insertPath(TABLE),
                            headers,
                            random.nextInt(4) == 0 ? chunked(body.bytes()) : BodyPublishers.ofByteArray(body.bytes()));
            assertTrue(STATUSES.contains(answer.statusCode()), answer.statusCode() + " " + answer.body());
            statuses.merge(answer.statusCode(), 1, Integer::sum);
            if (answer.statusCode() == 200) {
                rows(body.coding().decode(body.bytes())).forEach(row -> accepted.merge(row, 1, Integer::sum));
            }
        }
        Eventually.holds("nothing is in flight", WITHIN, () -> Usage.gauge(program, "headgate_inflight_bytes") == 0);
    }

    private static BodyPublisher chunked(byte[] bytes) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
    }

    /** One row; DuckDB groups 0.0 and -0.0, so they are one here too. */
    private record Row(
            String id,
            @Nullable Long n,
            @Nullable Double x,
            @Nullable Boolean ok) {
        static Row of(Map<String, String> texts) {
            String n = texts.get("n");
            String x = texts.get("x");
            String ok = texts.get("ok");
            return new Row(
                    String.valueOf(texts.get("id")),
                    n == null ? null : (Long) new BigDecimal(n).longValueExact(),
                    x == null ? null : (Double) (number(x) + 0.0),
                    ok == null ? null : Boolean.valueOf(ok));
        }

        private static double number(String text) {
            String lower = text.toLowerCase(Locale.ROOT);
            if (lower.contains("nan")) {
                return Double.NaN;
            }
            if (lower.contains("inf")) {
                return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            }
            return Double.parseDouble(lower);
        }
    }

    /** The rows of a body that was accepted: whatever is in braces, in whichever form. */
    private static List<Row> rows(byte[] content) throws IOException {
        List<Row> rows = new ArrayList<>();
        Map<String, String> texts = new HashMap<>();
        try (JsonParser json = JSON.createParser(content)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.END_OBJECT) {
                    rows.add(Row.of(texts));
                    texts.clear();
                } else if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                    texts.put(json.currentName(), json.getText());
                }
            }
        }
        return rows;
    }

    private static Map<Row, Integer> stored(HeadgateProgram program) throws Exception {
        Map<Row, Integer> stored = new HashMap<>();
        for (List<@Nullable Object> row : new DeltaFiles(program.tableDirectory(TABLE))
                .query("SELECT id, n, x, ok, count(*)::INT FROM rows GROUP BY ALL")) {
            Double x = (Double) row.get(2);
            stored.put(
                    new Row(
                            String.valueOf(row.get(0)),
                            (Long) row.get(1),
                            x == null ? null : (Double) (x + 0.0),
                            (Boolean) row.get(3)),
                    (Integer) row.get(4));
        }
        return stored;
    }
}
