package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

/** What HTTP/1 requests may look like on the wire (RFC 9112). Whatever does not is refused, and the connection ends. */
class FramingTest {
    private static final String RECORD = "{\"device_id\":\"a\"}";

    private static Edge edge;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        edge = new Edge(directory);
        edge.warmUp();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        edge.stop();
    }

    @AfterEach
    void nothingIsHeld() {
        edge.inFlightIsBackToZero();
    }

    /** The text of a test, in which line ends are visible. */
    private static String wire(String text) {
        return text.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\0", "\0")
                .replace("\\t", "\t");
    }

    private static void assertRefused(int status, RawClient client) throws IOException {
        Answer answer = client.answer();
        assertEquals(status, answer.status(), answer.body());
        assertTrue(answer.body().startsWith("{\"error_code\":\""), answer.body());
        assertFalse(answer.header("x-request-id").isEmpty());
        assertEquals("close", answer.header("connection"));
        assertTrue(client.ended());
    }

    private static void assertNothingIsStoredBy(int status, String request) throws IOException {
        int before = edge.log.entries().size();
        try (RawClient client = edge.client()) {
            client.send(request);
            assertRefused(status, client);
        }
        assertEquals(before, edge.log.entries().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 17\\r\\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\\r\\nContent-Length: 17",
                "Content-Length: 17\\r\\nContent-Length: 17",
                "Content-Length: 17\\r\\nContent-Length: 18",
                "Content-Length: 17, 17",
                "Content-Length: +17",
                "Content-Length: -17",
                "Content-Length: 0x11",
                "Content-Length: 1 7",
                "Content-Length:",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: chunked\\r\\nTransfer-Encoding: chunked",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding : chunked",
                "Host: y\\r\\nContent-Length: 17",
                "Content-Length: 17\\r\\nBare: a\\nb: c",
                "Content-Length: 17\\r\\nNul: a\\0b",
                "Content-Length: 17\\r\\nReturn: a\\rb",
                "Content-Length: 17\\r\\nNo colon",
                "Content-Length: 17\\r\\n: no name",
                "Content-Length: 17\\r\\nSp ace: x"
            })
    void anAmbiguousHeadIsInvalid(String headers) throws IOException {
        assertNothingIsStoredBy(400, edge.head() + wire(headers) + "\r\n\r\n" + RECORD);
    }

    @Test
    void aCodingBesideChunkedIsNotImplemented() throws IOException {
        assertNothingIsStoredBy(
                501, edge.head() + "Transfer-Encoding: gzip, chunked\r\n\r\n11\r\n" + RECORD + "\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Host: x\\r\\nHost: x\\r\\n",
                "Host: x\\r\\n folded: y\\r\\n",
                "Host: x/y\\r\\n",
                "Host: a@b\\r\\n",
                "Host: x y\\r\\n"
            })
    void thereMustBeOneHost(String hosts) throws IOException {
        assertNothingIsStoredBy(400, "POST " + Edge.INSERT + " HTTP/1.1\r\n" + wire(hosts) + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "POST /x HTTP/3.0,501",
        "POST /x HTTP/1.2,501",
        "POST /x HTTP/0.9,501",
        "PRI * HTTP/2.0,501",
        "POST /x,400",
        "POST /x FTP/1.1,501",
        "POST /x y HTTP/1.1,400",
        "P(ST /x HTTP/1.1,400",
        "POST,400"
    })
    void aRequestLineHasAMethodATargetAndAVersion(String line, int status) throws IOException {
        assertNothingIsStoredBy(status, line + "\r\nHost: x\r\n\r\n");
    }

    @Test
    void linesEndInCarriageReturnAndLineFeed() throws IOException {
        assertNothingIsStoredBy(400, "POST /x HTTP/1.1\nHost: x\n\n");
    }

    @Test
    void aFoldedHeaderIsOneLine() throws IOException {
        try (RawClient client = edge.client()) {
            client.send(
                    edge.head() + "Content-Type: application/json;\r\n charset=utf-8\r\nContent-Length: 2\r\n\r\n[]");
            assertEquals(200, client.answer().status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not hex\\r\\n",
                "-11\\r\\n",
                "0x11\\r\\n",
                "\\r\\n",
                "ffffffffff\\r\\n",
                "11\\n{\"device_id\":\"a\"}\\r\\n0\\r\\n\\r\\n",
                "11\\r\\n{\"device_id\":\"a\"}0\\r\\n\\r\\n",
                "11\\r\\n{\"device_id\":\"a\"}\\n0\\r\\n\\r\\n",
                "11\\r\\n{\"device_id\":\"a\"}\\r\\n0\\r\\nNo colon\\n\\r\\n"
            })
    void brokenChunksAreInvalid(String chunks) throws IOException {
        assertNothingIsStoredBy(400, edge.head() + "Transfer-Encoding: chunked\r\n\r\n" + wire(chunks));
    }

    @Test
    void extensionsAndTrailersOfChunksAreReadAndIgnored() throws IOException {
        int before = edge.log.entries().size();
        try (RawClient client = edge.client()) {
            client.send(edge.head() + "Transfer-Encoding: Chunked\r\nTrailer: Digest\r\n\r\n");
            client.send("8;name=value\r\n" + RECORD.substring(0, 8) + "\r\n");
            client.send("9\r\n" + RECORD.substring(8) + "\r\n0\r\nDigest: x\r\nContent-Length: 3\r\n\r\n");
            assertEquals(200, client.answer().status());
            assertEquals(200, client.send(edge.insert("[]")).answer().status());
        }
        assertEquals(before + 1, edge.log.entries().size());
    }

    @Test
    void aBodyThatIsLongerThanItsLengthIsAnotherRequest() throws IOException {
        int before = edge.log.entries().size();
        try (RawClient client = edge.client()) {
            client.send(edge.head() + "Content-Length: 17\r\n\r\n" + RECORD + "rest\r\nHost: x\r\n\r\n");
            assertEquals(200, client.answer().status());
            assertRefused(400, client);
        }
        assertEquals(before + 1, edge.log.entries().size());
    }

    @Test
    void aTargetMayBeAWholeUri() throws IOException {
        try (RawClient client = edge.client()) {
            String target = "http://gateway.example:8080" + Edge.INSERT + "?x=y";
            assertEquals(200, client.send(edge.insert(target, "[]")).answer().status());
            assertEquals(
                    404,
                    client.send("POST http://gateway.example HTTP/1.1\r\nHost: x\r\n\r\n")
                            .answer()
                            .status());
        }
    }

    @Test
    void emptyLinesBeforeARequestAreSkipped() throws IOException {
        try (RawClient client = edge.client()) {
            assertEquals(
                    200, client.send("\r\n\r\n" + edge.insert("[]")).answer().status());
        }
    }

    @Test
    void http10EndsTheConnectionUnlessAskedNotTo() throws IOException {
        String head = edge.head().replace("HTTP/1.1", "HTTP/1.0").replace("Host: x\r\n", "");
        try (RawClient client = edge.client()) {
            client.send(head + "Connection: keep-alive\r\nContent-Length: 2\r\n\r\n[]");
            assertEquals(200, client.answer().status());
            assertEquals(
                    200,
                    client.send(head + "Content-Length: 2\r\n\r\n[]").answer().status());
            assertTrue(client.ended());
        }
        assertNothingIsStoredBy(400, head + "Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "GET", "OPTIONS", "TRACE", "CONNECT", "BREW"})
    void anyMethodGetsAnAnswerAndTheConnectionLivesOn(String method) throws IOException {
        try (RawClient client = edge.client()) {
            client.send(method + " " + Edge.INSERT + " HTTP/1.1\r\nHost: x\r\n\r\n");
            Answer answer = method.equals("HEAD") ? client.head() : client.answer();
            assertEquals(405, answer.status());
            assertEquals("POST", answer.header("allow"));
            assertFalse(answer.header("x-request-id").isEmpty());
            client.send(method + " /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
            answer = method.equals("HEAD") ? client.head() : client.answer();
            assertEquals(404, answer.status());
            assertEquals(200, client.send(edge.insert("[]")).answer().status());
        }
    }

    @Test
    void theServerAsAWholeHasNoOptions() throws IOException {
        try (RawClient client = edge.client()) {
            client.send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
            assertEquals(404, client.answer().status());
        }
    }
}
