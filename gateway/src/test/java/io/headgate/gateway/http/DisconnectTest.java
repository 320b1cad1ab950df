package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.http.RawClient.Answer;
import io.headgate.model.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that leave or stall, at each stage of a request: nothing is appended, nothing stays reserved. */
class DisconnectTest {
    private static final int BODY_TIMEOUT_MILLIS = 2_000;

    private Edge edge;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        edge = new Edge(directory, Edge.requests(BODY_TIMEOUT_MILLIS), Edge.connections(30_000, 60_000));
        edge.warmUp();
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        edge.inFlightIsBackToZero();
        Eventually.holds("no connection is left", Edge.WITHIN, () -> edge.server.connections() == 0);
        assertEquals(0, edge.log.entries().size());
        edge.stop();
    }

    private void missed(int requests) {
        Eventually.holds(requests + " are missed", Edge.WITHIN, () -> edge.counts.unanswered.get() == requests);
    }

    private void held() {
        Eventually.holds("the body is held", Edge.WITHIN, () -> edge.inFlight.usedBytes() > 0);
    }

    /** Leaves twice: orderly, and with a reset. The first bytes must have arrived, or a reset takes them back. */
    private void leavesWithin(String request) throws IOException {
        try (RawClient client = edge.client()) {
            client.send(request);
            held();
        }
        missed(1);
        try (RawClient client = edge.client()) {
            client.send(request);
            held();
            client.reset();
        }
        missed(2);
    }

    @Test
    void withinTheHead() throws IOException {
        try (RawClient half = edge.client();
                RawClient less = edge.client()) {
            half.send(edge.head());
            less.send("PO");
        }
        try (RawClient half = edge.client()) {
            half.send(edge.head()).reset();
        }
    }

    @Test
    void beforeTheBody() throws IOException {
        String head = edge.head() + "Expect: 100-continue\r\nContent-Length: 100\r\n\r\n";
        try (RawClient client = edge.client()) {
            assertEquals(100, client.send(head).answer().status());
        }
        missed(1);
        try (RawClient client = edge.client()) {
            assertEquals(100, client.send(head).answer().status());
            client.reset();
        }
        missed(2);
    }

    @Test
    void withinTheBody() throws IOException {
        String truncated = Edge.records(1_000);
        leavesWithin(edge.head() + "Content-Length: " + (truncated.length() + 1) + "\r\n\r\n" + truncated);
    }

    @Test
    void withinAChunk() throws IOException {
        leavesWithin(edge.head() + "Transfer-Encoding: chunked\r\n\r\n10\r\n{\"device");
    }

    @Test
    void betweenChunks() throws IOException {
        leavesWithin(edge.head() + "Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n");
    }

    @Test
    void whileTheTableIsLookedUp() throws IOException {
        try (RawClient client = edge.client()) {
            client.send(edge.insert("/zerobus/v1/tables/main.fleet.slow/insert", "{\"device_id\":\"a\"}"));
            Eventually.holds("the table is looked up", Edge.WITHIN, () -> edge.catalog.slowLoads() == 1);
            client.reset();
        }
        missed(1);
        edge.catalog.letSlowGo();
    }

    @Test
    void aBodyThatDoesNotComeTimesOut() throws IOException {
        try (RawClient client = edge.client()) {
            client.send(edge.head() + "Content-Length: 100\r\n\r\n[{\"device_id\"");
            Answer answer = client.answer();
            assertEquals(408, answer.status());
            assertTrue(answer.body().contains("INVALID_PARAMETER_VALUE"));
            assertEquals("close", answer.header("connection"));
            assertTrue(client.ended());
        }
    }

    @Test
    void anAnnouncementReservesNothing() throws IOException {
        try (RawClient client = edge.client()) {
            client.send(edge.head() + "Content-Length: 299999\r\n\r\n[");
            held();
            assertEquals(1, edge.inFlight.usedBytes());
        }
    }
}
