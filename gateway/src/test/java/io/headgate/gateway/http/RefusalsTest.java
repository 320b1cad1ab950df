package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.http.RawClient.Answer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every refusal, and which one comes first when a request deserves several. */
class RefusalsTest {
    private static Edge edge;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        edge = new Edge(directory);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        edge.stop();
    }

    @AfterEach
    void nothingHappened() {
        assertEquals(0, edge.log.entries().size());
        edge.inFlightIsBackToZero();
    }

    private static Answer ask(String request) throws IOException {
        try (RawClient client = edge.client()) {
            return client.send(request).answer();
        }
    }

    private static void assertRefused(int status, String errorCode, Answer answer) {
        assertEquals(status, answer.status(), answer.body());
        assertTrue(answer.body().startsWith("{\"error_code\":\"" + errorCode + "\",\"message\":\""), answer.body());
        assertTrue(answer.body().contains("\"details\":["), answer.body());
        assertEquals("application/json", answer.header("content-type"));
        assertFalse(answer.header("x-request-id").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/zerobus/v1/tables/main.fleet.telemetry",
                "/zerobus/v1/tables//insert",
                "/zerobus/v1/tables/main.fleet.telemetry/insert/",
                "/zerobus/v1/tables/main.fleet/telemetry/insert",
                "/zerobus/v1/tables/../tables/main.fleet.telemetry/insert",
                "//zerobus/v1/tables/main.fleet.telemetry/insert",
                "/zerobus/v1/tables/main.fleet.telemetry%2Finsert",
                "/ZEROBUS/v1/tables/main.fleet.telemetry/insert"
            })
    void anUnknownPathIsNotFoundWhoeverAsks(String path) throws IOException {
        assertRefused(404, "NOT_FOUND", ask("POST " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void anotherMethodIsNotAllowedWhoeverAsks(String method) throws IOException {
        Answer answer = ask(method + " " + Edge.INSERT + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertRefused(405, "INVALID_PARAMETER_VALUE", answer);
        assertEquals("POST", answer.header("allow"));
    }

    @Test
    void aQueryDoesNotBelongToThePath() throws IOException {
        assertEquals(200, ask(edge.insert(Edge.INSERT + "?x=/y", "[]")).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Authorization: Basic eDp5\r\n", "Authorization: Bearer not.a.token\r\n"})
    void withoutCredentialsNothingIsSaidAboutNamesOrTables(String header) throws IOException {
        Answer answer = ask("POST /zerobus/v1/tables/not-a-name/insert HTTP/1.1\r\nHost: x\r\n" + header + "\r\n");
        assertRefused(401, "UNAUTHENTICATED", answer);
        assertEquals("Bearer", answer.header("www-authenticate"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "telemetry",
                "fleet.telemetry",
                "a.main.fleet.telemetry",
                "main..telemetry",
                "main.fleet.",
                "main.fleet.tele%2Emetry",
                "main.fleet%2Ftelemetry.x",
                "main%2Efleet.telemetry",
                "main.fleet.tele%2",
                "main.fleet.tele%zz",
                "main.fleet.%C3%28",
                "main.fleet.%",
                "main.fleet.tele%20metry",
                "main.fleet.tele+metry",
                "main.fleet.t%C3%A9l%C3%A9",
                "main.fleet.%00"
            })
    void aMalformedNameIsInvalid(String name) throws IOException {
        assertRefused(400, "INVALID_PARAMETER_VALUE", ask(edge.insert("/zerobus/v1/tables/" + name + "/insert", "[]")));
    }

    @Test
    void namesMayHave255CharactersAPart() throws IOException {
        String longest = "a".repeat(255);
        String path = "/zerobus/v1/tables/%s.%s.%s/insert";
        assertRefused(403, "PERMISSION_DENIED", ask(edge.insert(path.formatted(longest, longest, longest), "[]")));
        assertRefused(
                400,
                "INVALID_PARAMETER_VALUE",
                ask(edge.insert(path.formatted(longest, longest, longest + "a"), "[]")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIN.Fleet.telemetry", "main.fleet.%74elemetry", "m%61in.fl%65%65t.TELEMETR%59"})
    void namesAreDecodedPartByPartAndLowerCased(String name) throws IOException {
        assertEquals(
                200,
                ask(edge.insert("/zerobus/v1/tables/" + name + "/insert", "[]")).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"main.fleet.foreign", "main.fleet.nowhere"})
    void withoutAGrantItIsForbiddenWhetherOrNotTheTableExists(String name) throws IOException {
        assertRefused(
                403,
                "PERMISSION_DENIED",
                ask(edge.head("/zerobus/v1/tables/" + name + "/insert") + "Content-Length: 999999999\r\n\r\n"));
    }

    @ParameterizedTest
    @CsvSource({"missing,404,NOT_FOUND", "unsupported,501,NOT_IMPLEMENTED"})
    void theTableComesBeforeTheBody(String table, int status, String code) throws IOException {
        assertRefused(
                status,
                code,
                ask(edge.head("/zerobus/v1/tables/main.fleet." + table + "/insert")
                        + "Content-Type: text/csv\r\nContent-Length: 999999999\r\n\r\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: text/csv",
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Type: application/json; charset=iso-8859-1",
                "Content-Type: application/jsonx",
                "Content-Type: application/json-seq",
                "Content-Type: application/x-ndjson; charset=utf-16",
                "Content-Encoding: br",
                "Content-Encoding: gzip, gzip",
                "Content-Encoding: gzip\r\nContent-Encoding: zstd"
            })
    void otherMediaTypesAreNotSupported(String header) throws IOException {
        assertRefused(
                415, "INVALID_PARAMETER_VALUE", ask(edge.head() + header + "\r\nContent-Length: 8\r\n\r\nnot json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: application/json",
                "content-type: Application/JSON;charset=UTF-8",
                "Content-Type: application/json ; charset=\"utf-8\"",
                "Content-Type: application/json; odata=verbose",
                "Content-Encoding: identity",
                "unity-catalog-endpoint: https://x\r\nx-databricks-zerobus-table-name: a.b.c"
            })
    void whatClientsSendBesidesIsFine(String header) throws IOException {
        Answer answer = ask(edge.head() + header + "\r\nContent-Length: 2\r\n\r\n[]");
        assertEquals(200, answer.status());
        assertEquals("{}", answer.body());
        assertEquals("application/json", answer.header("content-type"));
    }

    @Test
    void aBodyThatIsAnnouncedTooLargeIsRefusedUnread() throws IOException {
        int tooMany = Edge.MAX_BODY_BYTES + 1;
        try (RawClient client = edge.client()) {
            client.send(edge.head() + "Content-Length: " + tooMany + "\r\n\r\n[");
            Answer answer = client.answer();
            assertRefused(413, "INVALID_PARAMETER_VALUE", answer);
            assertEquals("close", answer.header("connection"));
            assertTrue(client.ended());
        }
    }

    @Test
    void aRecordThatDoesNotFitIsNamed() throws IOException {
        Answer answer = ask(edge.insert("[{\"device_id\":\"a\"},{\"device_id\":\"b\",\"temp\":\"warm\"}]"));
        assertRefused(400, "INVALID_PARAMETER_VALUE", answer);
        assertTrue(answer.body().contains("\"record\":1"), answer.body());
        assertTrue(answer.body().contains("\"path\":\"$.temp\""), answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "nonsense", "[{\"device_id\":\"a\"}", "[{\"nope\":1}]", "[{}]", "[1]"})
    void aBodyThatIsNotRecordsIsInvalid(String body) throws IOException {
        assertRefused(400, "INVALID_PARAMETER_VALUE", ask(edge.insert(body)));
    }

    @Test
    void aRequestWithoutABodyIsInvalid() throws IOException {
        assertRefused(400, "INVALID_PARAMETER_VALUE", ask(edge.head() + "\r\n"));
    }

    @Test
    void aFullLogIsToBeRetried() throws IOException {
        edge.log.full(true);
        try {
            Answer answer = ask(edge.insert("{\"device_id\":\"a\"}"));
            assertRefused(503, "TEMPORARILY_UNAVAILABLE", answer);
            assertTrue(Integer.parseInt(answer.header("retry-after")) >= 1);
        } finally {
            edge.log.full(false);
        }
    }

    @Test
    void aFullInFlightBudgetIsToBeRetried() throws IOException {
        long rest = edge.inFlight.maxBytes() - edge.inFlight.usedBytes();
        assertTrue(edge.inFlight.tryReserve(rest));
        try {
            Answer answer = ask(edge.insert("{\"device_id\":\"a\"}"));
            assertRefused(503, "TEMPORARILY_UNAVAILABLE", answer);
            assertTrue(Integer.parseInt(answer.header("retry-after")) >= 1);
        } finally {
            edge.inFlight.release(rest);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NONSENSE\r\n\r\n",
                "POST /x HTTP/1.1\r\nContent-Length: many\r\n\r\n",
                "POST /x HTTP/1.1\r\nBad Header: x\r\n\r\n"
            })
    void whatIsNotHttpIsInvalid(String request) throws IOException {
        assertRefused(400, "INVALID_PARAMETER_VALUE", ask(request));
    }

    @Test
    void headersHaveALimit() throws IOException {
        String fits = "X-Long: " + "x".repeat(Edge.MAX_HEADER_BYTES - 2_000) + "\r\n";
        assertEquals(
                200, ask(edge.head() + fits + "Content-Length: 2\r\n\r\n[]").status());
        String tooLong = "X-Long: " + "x".repeat(Edge.MAX_HEADER_BYTES) + "\r\n\r\n";
        assertRefused(431, "INVALID_PARAMETER_VALUE", ask(edge.head() + tooLong));
    }

    @Test
    void pathsHaveALimit() throws IOException {
        assertRefused(
                414, "INVALID_PARAMETER_VALUE", ask("POST /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"));
    }

    @Test
    void everyAnswerHasAnIdOfItsOwn() throws IOException {
        try (RawClient client = edge.client()) {
            client.send(edge.head() + "X-Request-Id: mine\r\nContent-Length: 2\r\n\r\n[]");
            String first = client.answer().header("x-request-id");
            String second = client.send(edge.insert("[]")).answer().header("x-request-id");
            assertNotEquals("mine", first);
            assertNotEquals(first, second);
        }
    }
}
