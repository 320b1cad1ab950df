package io.headgate.systemtests;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.model.Eventually;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every refusal, in the shapes of the contract; and that nothing happened. */
class RefusalsTest {
    private static final String TABLE = "main.fleet.strict";
    private static final String MISSING = "main.fleet.missing";
    private static final String UNSUPPORTED = "main.fleet.unsupported";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path directory;

    private static HeadgateProgram program;
    private static String token;

    @BeforeAll
    static void start() throws Exception {
        program = new HeadgateProgram(
                directory,
                Jdks.current(),
                "log: { segment-bytes: 1MiB, max-bytes: 16MiB }\nlimits: { max-entry-bytes:"
                        + " 64KiB, table-unflushed-bytes: 4MiB }\ncommit: { file-target: 1MiB }\n");
        program.createTable(TABLE, "id STRING NOT NULL, n INT, at TIMESTAMP, wall TIMESTAMP_NTZ, ok BOOLEAN");
        copyWithConstraint();
        program.start();
        token = program.token("device-1", TABLE, MISSING, UNSUPPORTED);
    }

    /** The same table, but with a constraint, which is not supported. */
    private static void copyWithConstraint() throws Exception {
        Path log = program.tableDirectory(UNSUPPORTED).resolve("_delta_log");
        Files.createDirectories(log);
        Path version = Path.of(String.format("%020d.json", 0));
        String actions = Files.readString(
                program.tableDirectory(TABLE).resolve("_delta_log").resolve(version));
        Files.writeString(
                log.resolve(version),
                actions.replace(
                                "\"delta.checkpointInterval\":",
                                "\"delta.constraints.positive\":\"n > 0\",\"delta.checkpointInterval\":")
                        .replaceAll("\"id\":\"[0-9a-f-]{36}\"", "\"id\":\"00000000-0000-0000-0000-000000000001\""));
    }

    @AfterAll
    static void nothingWasStored() throws Exception {
        try (HeadgateProgram gateway = program) {
            assertEquals(0, gateway.terminate());
            assertEquals(0, new DeltaFiles(gateway.tableDirectory(TABLE)).count());
        }
    }

    private static RequestSpecification request() {
        return program.ingest()
                .wrongRequest()
                .contentType("application/json")
                .header("Authorization", "Bearer " + token);
    }

    private static ValidatableResponse insert(String body) {
        return request()
                .body(body)
                .post("/zerobus/v1/tables/" + TABLE + "/insert")
                .then();
    }

    private static ValidatableResponse refused(ValidatableResponse response, int status, String code) {
        return response.statusCode(status)
                .header("X-Request-Id", notNullValue())
                .contentType("application/json")
                .body("error_code", equalTo(code))
                .body("message", not(equalTo("")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/zerobus/v1/tables", "/zerobus/v1/tables/a.b.c", "/zerobus/v2/tables/a.b.c/insert"})
    void unknownPathsAre404(String path) {
        refused(request().body("[]").post(path).then(), 404, "NOT_FOUND");
    }

    @Test
    void otherMethodsAre405EvenWithoutCredentials() {
        refused(
                        program.ingest()
                                .wrongRequest()
                                .get("/zerobus/v1/tables/" + TABLE + "/insert")
                                .then(),
                        405,
                        "INVALID_PARAMETER_VALUE")
                .header("Allow", containsString("POST"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic dTpw", "Bearer", "Bearer not.a.token", "Bearer "})
    void badCredentialsAre401BeforeTheNameIsLookedAt(String header) {
        RequestSpecification request = program.ingest().wrongRequest().body("[]");
        if (!header.isEmpty()) {
            request.header("Authorization", header);
        }
        refused(request.post("/zerobus/v1/tables/not-a-name/insert").then(), 401, "UNAUTHENTICATED")
                .header("WWW-Authenticate", containsString("Bearer"));
    }

    /** Clocks may differ by half a minute, which this waits out. */
    @Tag("slow")
    @Test
    void anExpiredTokenIs401() throws Exception {
        List<String> lines = program.runConfigured(
                        "token", "create", "--subject", "late", "--table", TABLE, "--ttl", "1s")
                .ok()
                .lines();
        String shortLived = lines.get(lines.size() - 1);
        Eventually.holds("expired", Duration.ofSeconds(60), () -> {
            int status = program.ingest()
                    .wrongRequest()
                    .header("Authorization", "Bearer " + shortLived)
                    .body("[]")
                    .post("/zerobus/v1/tables/" + TABLE + "/insert")
                    .statusCode();
            return status == 401;
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "a.b", "a.b.c.d", "a..c", "a.b.%2e", "a%2eb.c.d", "a.b.c%2fd", "a.b.c%20d", "a.b.%C3%A9"})
    void malformedNamesAre400(String name) {
        refused(
                request()
                        .body("[]")
                        .post("/zerobus/v1/tables/" + name + "/insert")
                        .then(),
                400,
                "INVALID_PARAMETER_VALUE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"main.fleet.others", "main.fleet.absent"})
    void withoutAGrantTheAnswerIs403WhetherTheTableExistsOrNot(String table) {
        refused(
                        request()
                                .body("[]")
                                .post("/zerobus/v1/tables/" + table + "/insert")
                                .then(),
                        403,
                        "PERMISSION_DENIED")
                .body("message", containsString("MODIFY"));
    }

    @Test
    void aMissingTableIs404() {
        refused(
                        request()
                                .body("[]")
                                .post("/zerobus/v1/tables/" + MISSING + "/insert")
                                .then(),
                        404,
                        "NOT_FOUND")
                .body("message", containsString("Table \"" + MISSING + "\" cannot be found."));
    }

    @Test
    void anUnsupportedTableIs501WithTheReason() {
        refused(
                        request()
                                .body("[]")
                                .post("/zerobus/v1/tables/" + UNSUPPORTED + "/insert")
                                .then(),
                        501,
                        "NOT_IMPLEMENTED")
                .body("message", containsString("checkConstraints"));
    }

    @Test
    void otherMediaTypesAre415() {
        refused(
                program.ingest()
                        .wrongRequest()
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "text/csv")
                        .body("a,b")
                        .post("/zerobus/v1/tables/" + TABLE + "/insert")
                        .then(),
                415,
                "INVALID_PARAMETER_VALUE");
    }

    @Test
    void bodiesOverTheLimitAre413() {
        refused(insert("[{\"id\":\"" + "x".repeat(11 << 20) + "\"}]"), 413, "INVALID_PARAMETER_VALUE");
    }

    @Test
    void rowsOverTheEntryLimitAre413() {
        refused(insert("[{\"id\":\"" + "x".repeat(65 << 10) + "\"}]"), 413, "INVALID_PARAMETER_VALUE");
    }

    @Test
    void headersOverTheLimitAre431() {
        refused(
                request()
                        .header("X-Long", "x".repeat(20 << 10))
                        .body("[]")
                        .post("/zerobus/v1/tables/" + TABLE + "/insert")
                        .then(),
                431,
                "INVALID_PARAMETER_VALUE");
    }

    static Stream<List<String>> wrongRecords() {
        return Stream.of(
                // body, record, path, field, got
                List.of("[{\"id\":\"a\",\"m\":1}]", "0", "$.m", "m"),
                List.of("[{\"id\":\"a\"},{\"n\":1}]", "1", "$.id", "id"),
                List.of("[{\"id\":null}]", "0", "$.id", "id"),
                List.of("[{\"id\":7}]", "0", "$.id", "id"),
                List.of("[{\"id\":\"a\",\"n\":\"seven\"}]", "0", "$.n", "n"),
                List.of("[{\"id\":\"a\",\"n\":2147483648}]", "0", "$.n", "n"),
                List.of("[{\"id\":\"a\",\"n\":1.5}]", "0", "$.n", "n"),
                List.of("[{\"id\":\"a\",\"ok\":\"true\"}]", "0", "$.ok", "ok"),
                List.of("[{\"id\":\"a\",\"ok\":1}]", "0", "$.ok", "ok"),
                List.of("[{\"id\":\"a\",\"at\":\"2026-11-22T14:05:51\"}]", "0", "$.at", "at"),
                List.of("[{\"id\":\"a\",\"wall\":\"2026-11-22T14:05:51Z\"}]", "0", "$.wall", "wall"),
                List.of("[{\"id\":\"a\",\"at\":\"2026-02-30T00:00:00Z\"}]", "0", "$.at", "at"),
                List.of("[{\"id\":\"a\",\"id\":\"b\"}]", "0", "$.id", "id"));
    }

    @ParameterizedTest
    @MethodSource("wrongRecords")
    void wrongRecordsAre400AndSayWhichFieldAndWhy(List<String> wrong) {
        refused(insert(wrong.get(0)), 400, "INVALID_PARAMETER_VALUE")
                .body("details[0].record", equalTo(Integer.parseInt(wrong.get(1))))
                .body("details[0].path", equalTo(wrong.get(2)))
                .body("details[0].field", equalTo(wrong.get(3)))
                .body("details[0].reason", notNullValue());
    }

    @Test
    void outOfRangeSaysWhatWouldFitAndWhatWasThere() {
        refused(insert("[{\"id\":\"a\",\"n\":2147483648}]"), 400, "INVALID_PARAMETER_VALUE")
                .body("details[0].expected", containsString("2147483647"))
                .body("details[0].got", containsString("2147483648"))
                .body("details[0].line", equalTo(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''", "[", "[{]", "7", "'\"text\"'", "[7]", "[{\"id\":\"a\"}", "[] []", "[{\"id\":\"a\"}]x", "nul"
            })
    void bodiesThatAreNotRecordsAre400(String body) {
        refused(insert(body == null ? "" : body), 400, "INVALID_PARAMETER_VALUE");
    }

    @Test
    void anEmptyArrayIsFine() {
        insert("[]").statusCode(200).body(equalTo("{}"));
    }

    @Test
    void namesAreLowerCasedAndForeignHeadersIgnored() {
        request()
                .header("unity-catalog-endpoint", "https://example.invalid")
                .header("x-databricks-zerobus-table-name", "a.b.c")
                .body("[]")
                .post("/zerobus/v1/tables/MAIN.Fleet.%53trict/insert")
                .then()
                .statusCode(200);
    }
}
