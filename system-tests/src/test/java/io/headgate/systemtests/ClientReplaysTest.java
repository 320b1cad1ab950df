package io.headgate.systemtests;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other people's clients of the contract do, as far as it is published: their requests, in their order. */
class ClientReplaysTest {
    private static final String COLUMNS = "id STRING NOT NULL, at TIMESTAMP, n BIGINT";
    private static final String KESTRA = "main.clients.kestra-flow_1";
    private static final String DEBEZIUM = "main.clients.debezium";
    private static final String EMQX = "main.clients.emqx";
    private static final String CURL = "main.clients.curl";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path directory;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static HeadgateProgram program;
    private static ExecutorService background;
    private static ServicePrincipalLogin login;

    @BeforeAll
    static void start() throws Exception {
        background = Executors.newSingleThreadExecutor();
        program = new HeadgateProgram(directory, Jdks.current(), """
                log: { segment-bytes: 16MiB }
                limits: { max-entry-bytes: 4MiB, table-unflushed-bytes: 16MiB }
                commit: { interval: 200ms, file-target: 4MiB }
                auth:
                  clock-skew: 0s
                """);
        for (String table : List.of(KESTRA, DEBEZIUM, EMQX, CURL)) {
            program.createTable(table, COLUMNS);
        }
        login = program.createClient("client-1", KESTRA, DEBEZIUM, EMQX, CURL);
        program.start();
    }

    @AfterAll
    static void stop() throws Exception {
        background.shutdownNow();
        try (HeadgateProgram gateway = program) {
            assertEquals(0, gateway.terminate());
        }
    }

    private static String expiredToken(String table) throws Exception {
        List<String> lines = program.runConfigured(
                        "token", "create", "--subject", "late", "--table", table, "--ttl", "1s")
                .ok()
                .lines();
        String expired = lines.get(lines.size() - 1);
        Eventually.holds(
                "the token has expired",
                Duration.ofSeconds(60),
                () -> program.post(table, expired, "[]").statusCode() == 401);
        return expired;
    }

    private static List<String> records(int count, int bytes) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"id\":\"r" + i + "x".repeat(bytes) + "\",\"n\":" + i + "}")
                .toList();
    }

    /** Every record is in once: as many rows as records, and as many different ones. */
    private static void assertArrived(HeadgateProgram gateway, String table, long records) throws Exception {
        assertEquals(
                List.of(records),
                gateway.awaitRows(table, records)
                        .query("SELECT count(DISTINCT n) FROM rows")
                        .get(0));
    }

    @Test
    void kestraWritesChunksAndRefreshesATokenThatHasExpired() throws Exception {
        List<String> records =
                Stream.concat(records(1_201, 20).stream(), big().stream()).toList();
        KestraReplay kestra =
                new KestraReplay(program.ingest(), KESTRA, expiredToken(KESTRA), () -> login.token(KESTRA));
        // Two chunks of 500, one of 201 and three large records, one of the last three.
        assertEquals(4, kestra.write(records));
        assertEquals(List.of(401, 200, 200, 200, 200), kestra.statuses);
        assertArrived(program, KESTRA, records.size());
    }

    private static List<String> big() {
        return IntStream.range(2_000, 2_006)
                .mapToObj(i -> "{\"id\":\"" + "x".repeat(1_300_000) + "\",\"n\":" + i + "}")
                .toList();
    }

    @Test
    void kestraGivesUpOnASecond401() throws Exception {
        KestraReplay kestra = new KestraReplay(program.ingest(), KESTRA, "not.a.token", () -> "nor.is.this");
        assertThrows(IllegalStateException.class, () -> kestra.write(records(1, 1)));
        assertEquals(List.of(401, 401), kestra.statuses);
    }

    /** The table's budget is full until the gateway is stopped, which commits all; its successor takes the rest. */
    @Test
    void kestraWaitsWhileItIsTold503AndThroughARestart(@TempDir Path own) throws Exception {
        String small = """
                limits: { max-entry-bytes: 4MiB, table-unflushed-bytes: 4MiB }
                commit: { interval: 1h, file-target: 4MiB }
                """;
        try (HeadgateProgram gateway = new HeadgateProgram(own, Jdks.current(), small)) {
            gateway.createTable(KESTRA, COLUMNS);
            gateway.start();
            List<String> records = records(2_000, 4_000); // four requests of 2 MB, of which two fit
            KestraReplay kestra =
                    new KestraReplay(gateway.ingest(), KESTRA, gateway.token("flow", KESTRA), () -> "none");
            Future<Integer> writing = background.submit(() -> kestra.write(records));
            Eventually.holds("it is told to wait", PATIENCE, () -> kestra.statuses.contains(503));
            assertEquals(List.of(200, 200, 503), kestra.statuses.subList(0, 3));
            assertEquals(0, gateway.terminate());
            gateway.start();
            assertEquals(4, writing.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            assertEquals(0, gateway.terminate());
            assertArrived(gateway, KESTRA, records.size());
        }
    }

    @Test
    void debeziumPostsEachEventAsABareObjectWithHeadersOfItsOwn() throws Exception {
        String token = login.token(DEBEZIUM);
        for (int i = 0; i < 5; i++) {
            HttpResponse<String> answer = program.ingest()
                    .send(
                            "POST",
                            HeadgateProgram.insertPath(DEBEZIUM),
                            Map.of(
                                    "Authorization",
                                    "Bearer " + token,
                                    "Content-Type",
                                    "application/json",
                                    "unity-catalog-endpoint",
                                    "https://workspace.example",
                                    "x-databricks-zerobus-table-name",
                                    DEBEZIUM),
                            "{\"id\":\"e" + i + "\",\"at\":" + (1_795_342_530_250_000L + i) + ",\"n\":" + i + "}");
            assertEquals(200, answer.statusCode());
        }
        assertEquals(
                List.of("2026-11-22 10:15:30.250004+00", 4L),
                program.awaitRows(DEBEZIUM, 5)
                        .query("SELECT \"at\"::VARCHAR, n FROM rows ORDER BY n DESC LIMIT 1")
                        .get(0));
    }

    @Test
    void emqxEncodesEachIdentifierAndLooksAtTheStatusAlone() throws Exception {
        String token = login.token(EMQX);
        String encoded = Stream.of(EMQX.split("\\.", -1))
                .map(part -> part.chars()
                        .mapToObj(c -> "%" + HexFormat.of().toHexDigits((byte) c))
                        .collect(Collectors.joining()))
                .collect(Collectors.joining("."));
        program.ingest()
                .wrongRequest()
                .header("Authorization", "Bearer " + token)
                .contentType("application/json")
                .body("[{\"id\":\"a\",\"n\":1},{\"id\":\"b\",\"n\":2}]")
                .post(HeadgateProgram.insertPath(encoded))
                .then()
                .statusCode(200);
        assertEquals(List.of("a", "b"), program.awaitRows(EMQX, 2).values("id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%23b%26c.d%23e%26f.g%23h%26i", "a%20b.c.d", "a%2Bb.c.d"})
    void namesThatOnlyExistElsewhereAreRefusedAndNotMisread(String encoded) throws Exception {
        String token = login.token(EMQX);
        program.ingest()
                .wrongRequest()
                .header("Authorization", "Bearer " + token)
                .contentType("application/json")
                .body("[]")
                .post(HeadgateProgram.insertPath(encoded))
                .then()
                .statusCode(400)
                .body("error_code", equalTo("INVALID_PARAMETER_VALUE"));
    }

    /** What EMQX's own suite sends: a value that is no number is for good, and not to be sent again. */
    @Test
    void emqxIsToldForGoodWhatIsWrong() throws Exception {
        HttpResponse<String> answer = program.post(EMQX, login.token(EMQX), "[{\"id\":\"a\",\"n\":\"not a number\"}]");
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("INVALID_PARAMETER_VALUE"), answer.body());
        assertTrue(answer.headers().firstValue("Retry-After").isEmpty());
    }

    /** The recipe as published, but for the place of the server; curl itself sends it. */
    private static final String RECIPE = """
            set -euo pipefail
            authorization_details=$(cat <<EOF
            [{
              "type": "unity_catalog_privileges", "privileges": ["USE CATALOG"],
              "object_type": "CATALOG", "object_full_path": "$CATALOG"
            }, {
              "type": "unity_catalog_privileges", "privileges": ["USE SCHEMA"],
              "object_type": "SCHEMA", "object_full_path": "$CATALOG.$SCHEMA"
            }, {
              "type": "unity_catalog_privileges", "privileges": ["SELECT", "MODIFY"],
              "object_type": "TABLE", "object_full_path": "$CATALOG.$SCHEMA.$TABLE"
            }]
            EOF
            )
            OAUTH_TOKEN=$(curl -sS --fail -X POST -u "$CLIENT_ID:$CLIENT_SECRET" \\
              -d "grant_type=client_credentials" -d "scope=all-apis" \\
              -d "resource=api://databricks/workspaces/$WORKSPACE_ID/zerobusDirectWriteApi" \\
              --data-urlencode "authorization_details=$authorization_details" \\
              "$SERVER/oidc/v1/token" | sed -n 's/.*"access_token" *: *"\\([^"]*\\)".*/\\1/p')
            curl -sS -i -X POST "$SERVER/zerobus/v1/tables/$CATALOG.$SCHEMA.$TABLE/insert" \\
              -H "Content-Type: application/json" -H "Authorization: Bearer $OAUTH_TOKEN" \\
              -d '[{"id": "a", "n": 1}, {"id": "b", "n": 2}]'
            """;

    @Test
    void thePublishedCurlRecipeWorks() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", RECIPE);
        builder.environment()
                .putAll(Map.of(
                        "SERVER", "http://127.0.0.1:" + program.port(),
                        "WORKSPACE_ID", "1234567890",
                        "CLIENT_ID", login.clientId(),
                        "CLIENT_SECRET", login.clientSecret(),
                        "CATALOG", "main",
                        "SCHEMA", "clients",
                        "TABLE", "curl"));
        Process curl = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, curl.waitFor());
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertTrue(answer.endsWith("\r\n\r\n{}"), answer);
        assertEquals(List.of("a", "b"), program.awaitRows(CURL, 2).values("id"));
    }
}
