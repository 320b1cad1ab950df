package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.http.RawClient.Answer;
import io.headgate.model.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may see which columns a table has, and how a client asks whether its copy still holds. */
class SchemaTest {
    private static final String PATH = "/zerobus/v1/tables/main.fleet.telemetry/schema";
    private static final String BODY =
            "{\"table\":\"main.fleet.telemetry\",\"id\":\"id-of-main.fleet.telemetry\",\"columns\":["
                    + "{\"name\":\"device_id\",\"type\":\"STRING\",\"nullable\":false},"
                    + "{\"name\":\"temp\",\"type\":\"DOUBLE\",\"nullable\":true}]}";

    private Edge edge;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        edge = new Edge(directory);
    }

    @AfterEach
    void stop() throws InterruptedException {
        edge.stop();
    }

    private String request(String method, String path, String headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
    }

    private String bearer() {
        return "Authorization: Bearer " + edge.token() + "\r\n";
    }

    private Answer ask(String path, String headers) throws IOException {
        try (RawClient client = edge.client()) {
            return client.send(request("GET", path, headers)).answer();
        }
    }

    @Test
    void itsColumnsInTheirOrder() throws IOException {
        for (int i = 0; i < 2; i++) { // loaded, then from the cache
            Answer answer = ask(PATH, bearer());
            assertEquals(200, answer.status());
            assertEquals(BODY, answer.body());
            assertEquals("application/json", answer.header("content-type"));
            assertEquals("private, no-cache", answer.header("cache-control"));
        }
        assertEquals(
                BODY,
                ask("/zerobus/v1/tables/Main.fleet.TELEMETRY/schema", bearer()).body());
        assertEquals(1, edge.catalog.telemetryLoads());
    }

    @Test
    void aCopyThatStillHoldsIsNotSentAgain() throws IOException {
        String tag = ask(PATH, bearer()).header("etag");
        for (String known : new String[] {tag, "W/" + tag, "\"other\", " + tag, "*"}) {
            Answer answer = ask(PATH, bearer() + "If-None-Match: " + known + "\r\n");
            assertEquals(304, answer.status(), known);
            assertEquals(tag, answer.header("etag"));
            assertEquals("", answer.body());
        }
        String twice = "If-None-Match: \"other\"\r\nIf-None-Match: " + tag + "\r\n";
        assertEquals(304, ask(PATH, bearer() + twice).status());
        assertEquals(200, ask(PATH, bearer() + "If-None-Match: \"other\"\r\n").status());
    }

    @Test
    void anotherColumnIsAnotherTag() throws IOException {
        String tag = ask(PATH, bearer()).header("etag");
        edge.catalog.addColumn("fw");
        edge.advance(Duration.ofMinutes(10));
        Answer answer = ask(PATH, bearer() + "If-None-Match: " + tag + "\r\n");
        assertEquals(200, answer.status());
        assertTrue(answer.body().contains("{\"name\":\"fw\",\"type\":\"STRING\",\"nullable\":true}"), answer.body());
        assertNotEquals(tag, answer.header("etag"));
    }

    @Test
    void aHeadHasTheSameTagAndNoBody() throws IOException {
        try (RawClient client = edge.client()) {
            Answer head = client.send(request("HEAD", PATH, bearer())).head();
            assertEquals(200, head.status());
            Answer got = client.send(request("GET", PATH, bearer())).answer();
            assertEquals(got.header("etag"), head.header("etag"));
            assertEquals(BODY, got.body());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "main.fleet.telemetry, false, 401",
        "telemetry, false, 401",
        "telemetry, true, 400",
        "main.fleet.foreign, true, 403",
        "main.fleet.nobodys, true, 403",
        "main.fleet.missing, true, 404",
        "main.fleet.unsupported, true, 501",
    })
    void theChecksAndTheirOrderAreThoseOfAnInsert(String table, boolean known, int status) throws IOException {
        String path = "/zerobus/v1/tables/" + table;
        String head = known ? bearer() : "";
        assertEquals(status, ask(path + "/schema", head).status());
        try (RawClient client = edge.client()) {
            client.send(request("POST", path + "/insert", head + "Content-Length: 2\r\n") + "[]");
            assertEquals(status, client.answer().status());
        }
    }

    @Test
    void itIsReadAndNothingElse() throws IOException {
        try (RawClient client = edge.client()) {
            Answer answer = client.send(request("POST", PATH, bearer())).answer();
            assertEquals(405, answer.status());
            assertEquals("GET, HEAD", answer.header("allow"));
        }
    }

    @Test
    void aFullLogDoesNotMatter() throws IOException {
        edge.log.full(true);
        assertEquals(200, ask(PATH, bearer()).status());
    }

    @Test
    void aClientThatLeavesWhileTheTableIsLookedAtIsCounted() throws IOException {
        try (RawClient client = edge.client()) {
            client.send(request("GET", "/zerobus/v1/tables/" + TestCatalog.SLOW + "/schema", bearer()));
            Eventually.holds("the table is looked at", Edge.WITHIN, () -> edge.catalog.slowLoads() == 1);
            client.reset();
        }
        Eventually.holds("nobody is answered", Edge.WITHIN, () -> edge.counts.unanswered.get() == 1);
        edge.catalog.letSlowGo();
        assertEquals(
                200,
                ask("/zerobus/v1/tables/" + TestCatalog.SLOW + "/schema", bearer())
                        .status());
    }
}
