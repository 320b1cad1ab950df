package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.http.RawClient.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one request may take: exactly each limit, and no more. */
class LimitsTest {
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

    private static int status(String request) throws IOException {
        try (RawClient client = edge.client()) {
            return client.send(request).answer().status();
        }
    }

    private static int stored() {
        return edge.log.entries().size();
    }

    @Test
    void theRequestLine() throws IOException {
        String fits = "GET /" + "x".repeat(Edge.MAX_REQUEST_LINE_BYTES - "GET / HTTP/1.1".length()) + " HTTP/1.1";
        assertEquals(404, status(fits + "\r\nHost: x\r\n\r\n"));
        assertEquals(414, status(fits.replace("/x", "/xx") + "\r\nHost: x\r\n\r\n"));
    }

    @Test
    void theHeaders() throws IOException {
        String others = "Host: x" + "Authorization: Bearer " + edge.token() + "Content-Length: 2" + "X-Long: ";
        String fits = "X-Long: " + "x".repeat(Edge.MAX_HEADER_BYTES - others.length());
        assertEquals(200, status(edge.head() + fits + "\r\nContent-Length: 2\r\n\r\n[]"));
        assertEquals(431, status(edge.head() + fits + "x\r\nContent-Length: 2\r\n\r\n[]"));
    }

    @Test
    void anAnnouncedBody() throws IOException {
        int before = stored();
        String fits = RECORD + " ".repeat(Edge.MAX_BODY_BYTES - RECORD.length());
        assertEquals(200, status(edge.insert(fits)));
        assertEquals(413, status(edge.insert(fits + " ")));
        assertEquals(before + 1, stored());
    }

    @Test
    void aChunkedBody() throws IOException {
        int before = stored();
        String fits = RECORD + " ".repeat(Edge.MAX_BODY_BYTES - RECORD.length());
        assertEquals(200, status(chunked(fits)));
        assertEquals(413, status(chunked(fits + " ")));
        assertEquals(before + 1, stored());
    }

    private static String chunked(String body) {
        return edge.head() + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n" + body
                + "\r\n0\r\n\r\n";
    }

    @Test
    void theRecords() throws IOException {
        int before = stored();
        String fits = (RECORD + ",").repeat(Edge.MAX_RECORDS - 1) + RECORD;
        assertEquals(200, status(edge.insert("[" + fits + "]")));
        try (RawClient client = edge.client()) {
            Answer answer =
                    client.send(edge.insert("[" + fits + "," + RECORD + "]")).answer();
            assertEquals(413, answer.status());
            assertTrue(answer.body().contains("limits.max-records"), answer.body());
        }
        assertEquals(before + 1, stored());
    }

    /** A column takes no array, so that any is refused; what matters is that no depth does harm. */
    @Test
    void theNesting() throws IOException {
        int before = stored();
        assertEquals(400, status(edge.insert("[".repeat(Edge.MAX_NESTING + 1))));
        assertEquals(400, status(edge.insert("[".repeat(100_000))));
        assertEquals(400, status(edge.insert("{\"temp\":" + "[".repeat(100_000))));
        assertEquals(400, status(edge.insert("[{\"temp\":" + "{\"a\":".repeat(50_000))));
        assertEquals(before, stored());
    }

    @Test
    void aClientThatSendsOnReadsWhyItWasRefused() throws IOException {
        int before = stored();
        String body = "x".repeat((int) Edge.LINGER_BYTES - (64 << 10));
        try (RawClient client = edge.client()) {
            Answer answer = client.send(edge.insert(body)).answer();
            assertEquals(413, answer.status());
            assertEquals("close", answer.header("connection"));
            assertTrue(client.ended());
        }
        try (RawClient client = edge.client()) {
            String refused = "POST " + Edge.INSERT + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length();
            assertEquals(401, client.send(refused + "\r\n\r\n" + body).answer().status());
            assertTrue(client.ended());
        }
        try (RawClient client = edge.client()) {
            assertEquals(
                    431, client.send(edge.head() + "X-Long: " + body).answer().status());
            assertTrue(client.ended());
        }
        assertEquals(before, stored());
    }

    @Test
    void aClientThatNeverStopsIsCutOff() throws IOException {
        try (RawClient client = edge.client()) {
            client.send(edge.head() + "Content-Length: 999999999\r\n\r\n");
            byte[] piece = new byte[1 << 20];
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 100; i++) {
                    client.send(piece);
                }
            });
        }
    }

    @Test
    void aFaultOfOursIsAnsweredAndHoldsNothing() throws IOException {
        int before = stored();
        InstantSource faulty = () -> {
            throw new StackOverflowError("as a decoder might");
        };
        try (RawClient client = edge.client()) {
            edge.clock = faulty;
            Answer answer = client.send(edge.insert(RECORD)).answer();
            assertEquals(500, answer.status());
            assertFalse(answer.body().contains("decoder"), answer.body());
            edge.inFlightIsBackToZero();
            edge.clock = () -> Instant.EPOCH;
            assertEquals(200, client.send(edge.insert(RECORD)).answer().status());
        } finally {
            edge.clock = InstantSource.system();
        }
        assertEquals(before + 1, stored());
    }
}
