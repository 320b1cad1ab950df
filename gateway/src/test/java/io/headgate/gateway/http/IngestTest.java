package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.LogEntry;
import io.headgate.gateway.http.RawClient.Answer;
import io.headgate.model.Eventually;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is accepted, when it is answered, and how bodies may come. */
class IngestTest {
    private static final String RECORD = "{\"device_id\":\"pump-17\",\"temp\":21.5}";

    private Edge edge;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        edge = new Edge(directory);
    }

    @AfterEach
    void stop() throws InterruptedException {
        edge.inFlightIsBackToZero();
        edge.stop();
    }

    @Test
    void rowsAreAppendedOncePerRequest() throws IOException {
        try (RawClient client = edge.client()) {
            assertEquals(200, client.send(edge.insert(RECORD)).answer().status());
            assertEquals(
                    200,
                    client.send(edge.insert("[" + RECORD + "," + RECORD + "]"))
                            .answer()
                            .status());
            assertEquals(200, client.send(edge.insert("[]")).answer().status());
        }
        assertEquals(2, edge.log.entries().size());
        assertEquals(1, edge.log.entries().get(0).rowCount());
        LogEntry second = edge.log.entries().get(1);
        assertEquals(2, second.rowCount());
        assertEquals(TestCatalog.TELEMETRY, second.schema().table().name());
        assertEquals(2, edge.counts.acked.get());
    }

    @Test
    void thereIsNoAnswerBeforeTheForce() throws IOException {
        edge.log.hold();
        try (RawClient held = edge.client();
                RawClient other = edge.client()) {
            held.send(edge.insert(RECORD));
            Eventually.holds("the append waits", Edge.WITHIN, () -> edge.log.waiting() == 1);
            assertTrue(edge.inFlight.usedBytes() > 0);
            // A later request on another connection is answered; the held one still is not.
            assertEquals(200, other.send(edge.insert("[]")).answer().status());
            assertEquals(0, edge.counts.acked.get());
            edge.log.letGo();
            assertEquals(200, held.answer().status());
        }
        assertEquals(1, edge.counts.acked.get());
    }

    @Test
    void aClientThatLeavesAfterTheAppendFindsItsRow() throws IOException {
        edge.log.hold();
        try (RawClient client = edge.client()) {
            client.send(edge.insert(RECORD));
            Eventually.holds("the append waits", Edge.WITHIN, () -> edge.log.waiting() == 1);
            client.reset();
        }
        edge.log.letGo();
        edge.inFlightIsBackToZero();
        assertEquals(1, edge.log.entries().size());
    }

    @Test
    void continueComesAfterTheChecksAndBeforeTheBody() throws IOException {
        try (RawClient client = edge.client()) {
            client.send(edge.head() + "Expect: 100-continue\r\nContent-Length: " + RECORD.length() + "\r\n\r\n");
            assertEquals(100, client.answer().status());
            assertEquals(200, client.send(RECORD).answer().status());
            assertEquals(200, client.send(edge.insert("[]")).answer().status());
        }
    }

    @Test
    void withoutCredentialsThereIsNoContinue() throws IOException {
        try (RawClient client = edge.client()) {
            client.send("POST " + Edge.INSERT
                    + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n");
            Answer answer = client.answer();
            assertEquals(401, answer.status());
            assertEquals("close", answer.header("connection"));
            assertTrue(client.ended());
        }
    }

    @Test
    void aRefusalWithAShortBodyKeepsTheConnection() throws IOException {
        try (RawClient client = edge.client()) {
            String body = "x".repeat(1_000);
            client.send("POST " + Edge.INSERT + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + body);
            assertEquals(401, client.answer().status());
            assertEquals(200, client.send(edge.insert(RECORD)).answer().status());
        }
    }

    @Test
    void chunkedBodiesComeInAnyPieces() throws IOException {
        try (RawClient client = edge.client()) {
            client.send(edge.head() + "Transfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < RECORD.length(); i++) {
                client.send("1\r\n" + RECORD.charAt(i) + "\r\n");
            }
            assertEquals(200, client.send("0\r\n\r\n").answer().status());
            assertEquals(200, client.send(edge.insert("[]")).answer().status());
        }
        assertEquals(1, edge.log.entries().size());
    }

    @Test
    void aChunkedBodyIsCutOffAtTheLimit() throws IOException {
        try (RawClient client = edge.client()) {
            client.send(edge.head() + "Transfer-Encoding: chunked\r\n\r\n");
            String chunk = Integer.toHexString(100_000) + "\r\n" + "x".repeat(100_000) + "\r\n";
            client.send(chunk).send(chunk).send(chunk).send("1\r\nx\r\n");
            Answer answer = client.answer();
            assertEquals(413, answer.status());
            assertEquals("close", answer.header("connection"));
            assertTrue(client.ended());
        }
        assertEquals(0, edge.log.entries().size());
    }

    @Test
    void aBodyOfTheLargestSizeIsTakenAndDecodedElsewhere() throws IOException {
        String body = Edge.records(Edge.MAX_BODY_BYTES - 100);
        body = body + " ".repeat(Edge.MAX_BODY_BYTES - body.length());
        try (RawClient client = edge.client()) {
            assertEquals(200, client.send(edge.insert(body)).answer().status());
            assertEquals(
                    400,
                    client.send(edge.insert(body.replace(']', ' '))).answer().status());
        }
        assertTrue(edge.log.entries().get(0).rowCount() > 8_000);
    }

    @Test
    void pipelinedRequestsAreAnsweredAndAppendedInOrder() throws IOException {
        String large = Edge.records(100_000);
        String two = "[" + RECORD + "," + RECORD + "]";
        try (RawClient client = edge.client()) {
            client.send(edge.insert(large) + edge.insert("nonsense") + edge.insert(two) + edge.insert(RECORD));
            assertEquals(200, client.answer().status());
            assertEquals(400, client.answer().status());
            assertEquals(200, client.answer().status());
            assertEquals(200, client.answer().status());
        }
        assertEquals(3, edge.log.entries().size());
        assertEquals(2, edge.log.entries().get(1).rowCount());
        assertEquals(1, edge.log.entries().get(2).rowCount());
    }

    @Test
    void aTableThatIsNotKnownYetIsWaitedFor() throws IOException {
        try (RawClient slow = edge.client();
                RawClient other = edge.client()) {
            slow.send(edge.insert("/zerobus/v1/tables/main.fleet.slow/insert", RECORD));
            Eventually.holds("the table is looked up", Edge.WITHIN, () -> edge.catalog.slowLoads() == 1);
            assertEquals(200, other.send(edge.insert(RECORD)).answer().status());
            assertEquals(0, edge.inFlight.usedBytes());
            edge.catalog.letSlowGo();
            assertEquals(200, slow.answer().status());
        }
    }

    @Test
    void drainingAnswersWhatIsUnderWayAndClosesTheRest() throws IOException {
        edge.log.hold();
        try (RawClient busy = edge.client();
                RawClient idle = edge.client()) {
            assertEquals(200, idle.send(edge.insert("[]")).answer().status());
            busy.send(edge.insert(RECORD));
            Eventually.holds("the append waits", Edge.WITHIN, () -> edge.log.waiting() == 1);
            CompletableFuture<Void> drained = edge.server.drain(Duration.ofSeconds(20));
            assertTrue(idle.ended());
            Eventually.holds("nobody is let in", Edge.WITHIN, () -> {
                Assertions.assertThrows(
                        ConnectException.class, () -> edge.client().close());
                return true;
            });
            edge.log.letGo();
            Answer answer = busy.answer();
            assertEquals(200, answer.status());
            assertEquals("close", answer.header("connection"));
            assertTrue(busy.ended());
            drained.join();
        }
    }
}
