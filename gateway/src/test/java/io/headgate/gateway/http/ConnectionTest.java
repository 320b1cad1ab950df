package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.http.RawClient.Answer;
import io.headgate.model.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long connections live, and how many: exactly each limit, and no more. */
class ConnectionTest {
    private static final Duration HEAD_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration BODY_TIMEOUT = Duration.ofMinutes(30);
    private static final Duration IDLE_TIMEOUT = Duration.ofHours(2);
    private static final Duration LITTLE = Duration.ofMinutes(3);
    private static final int TOLD_MAX = 64;
    private static final int MIN_BODY_RATE = 10;

    private Edge edge;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        edge = new Edge(
                directory,
                new RequestLimits(
                        Edge.MAX_BODY_BYTES,
                        Edge.MAX_EXPANDED_BYTES,
                        Edge.MAX_EXPANSION_RATIO,
                        Edge.MAX_HEADER_BYTES,
                        Edge.MAX_REQUEST_LINE_BYTES,
                        (int) BODY_TIMEOUT.toMillis(),
                        MIN_BODY_RATE),
                Edge.connections((int) HEAD_TIMEOUT.toMillis(), (int) IDLE_TIMEOUT.toMillis()));
        edge.warmUp();
        noneIsOpen();
    }

    @AfterEach
    void stop() throws InterruptedException {
        edge.inFlightIsBackToZero();
        noneIsOpen();
        edge.stop();
    }

    private void noneIsOpen() {
        open(0);
    }

    private void open(int connections) {
        Eventually.holds(
                connections + " connections are open", Edge.WITHIN, () -> edge.server.connections() == connections);
    }

    private static void assertOverdue(RawClient client) throws IOException {
        Answer answer = client.answer();
        assertEquals(408, answer.status());
        assertTrue(answer.body().startsWith("{\"error_code\":\"INVALID_PARAMETER_VALUE\""), answer.body());
        assertFalse(answer.header("x-request-id").isEmpty());
        assertEquals("close", answer.header("connection"));
        assertTrue(client.ended());
    }

    @Test
    void aHeadHasItsTimeAndNotMore() throws IOException {
        try (RawClient late = edge.client();
                RawClient silent = edge.client();
                RawClient undecided = edge.client()) {
            late.send("POST /");
            undecided.send("PRI * HT");
            edge.settle();
            edge.advance(LITTLE);
            try (RawClient intime = edge.client()) {
                String request = edge.insert("[]");
                intime.send(request.substring(0, 40));
                edge.settle();
                edge.advance(HEAD_TIMEOUT.minus(LITTLE));
                assertOverdue(late);
                assertTrue(silent.ended());
                assertTrue(undecided.ended());
                assertEquals(200, intime.send(request.substring(40)).answer().status());
            }
        }
    }

    @Test
    void theTimeOfALaterHeadBeginsWithItsFirstByte() throws IOException {
        try (RawClient client = edge.client();
                RawClient other = edge.client()) {
            String request = edge.insert("[]");
            assertEquals(200, client.send(request).answer().status());
            edge.advance(HEAD_TIMEOUT);
            assertEquals(200, other.send(request).answer().status());
            assertEquals(200, client.send(request).answer().status());
            client.send("POST");
            other.send(request.substring(0, 20));
            for (int i = 0; i < 4; i++) {
                other.send(request.substring(20 + i, 21 + i));
                edge.settle();
                edge.advance(HEAD_TIMEOUT.dividedBy(4));
            }
            assertOverdue(client);
            assertOverdue(other);
        }
    }

    @Test
    void aConnectionMayBeIdleForItsTimeAndNotMore() throws IOException {
        try (RawClient late = edge.client();
                RawClient intime = edge.client()) {
            assertEquals(200, late.send(edge.insert("[]")).answer().status());
            edge.advance(LITTLE);
            assertEquals(200, intime.send(edge.insert("[]")).answer().status());
            edge.advance(IDLE_TIMEOUT.minus(LITTLE));
            assertTrue(late.ended());
            assertEquals(200, intime.send(edge.insert("[]")).answer().status());
        }
    }

    @Test
    void aRequestThatWaitsForItsForceIsNotIdle() throws IOException {
        edge.log.hold();
        try (RawClient client = edge.client();
                RawClient idle = edge.client()) {
            assertEquals(200, idle.send(edge.insert("[]")).answer().status());
            client.send(edge.insert("{\"device_id\":\"a\"}"));
            Eventually.holds("it waits", Edge.WITHIN, () -> edge.log.waiting() == 1);
            edge.advance(IDLE_TIMEOUT);
            assertTrue(idle.ended());
            edge.log.letGo();
            assertEquals(200, client.answer().status());
        }
    }

    @Test
    void theRestOfARefusedBodyDoesNotKeepAConnection() throws IOException {
        try (RawClient client = edge.client()) {
            client.send("POST " + Edge.INSERT + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx");
            assertEquals(401, client.answer().status());
            client.send("x");
            edge.settle();
            edge.advance(IDLE_TIMEOUT);
            assertTrue(client.ended());
        }
    }

    @Test
    void aBodyThatKeepsUpItsRateHasMoreTime() throws IOException {
        int perTimeout = (int) (MIN_BODY_RATE * BODY_TIMEOUT.toSeconds());
        String head = edge.head() + "Content-Length: " + 3 * perTimeout + "\r\n\r\n";
        try (RawClient fast = edge.client();
                RawClient slow = edge.client()) {
            fast.send(head + " ".repeat(perTimeout));
            slow.send(head + " ".repeat(perTimeout - 1));
            Eventually.holds("both arrive", Edge.WITHIN, () -> edge.inFlight.usedBytes() >= 2 * perTimeout - 1);
            edge.advance(BODY_TIMEOUT);
            assertEquals(408, slow.answer().status());
            fast.send(" ".repeat(perTimeout - 1));
            Eventually.holds("more arrives", Edge.WITHIN, () -> edge.inFlight.usedBytes() >= 2 * perTimeout - 1);
            edge.advance(BODY_TIMEOUT);
            assertEquals(408, fast.answer().status());
        }
        assertEquals(0, edge.log.entries().size());
    }

    @Test
    void connectionsCountBeforeTheirFirstHead() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < Edge.MAX_CONNECTIONS; i++) {
            clients.add(edge.client());
        }
        open(Edge.MAX_CONNECTIONS);
        try (RawClient oneMore = edge.client()) {
            assertEquals(503, oneMore.answer().status());
        }
        clients.remove(0).close();
        open(Edge.MAX_CONNECTIONS - 1);
        try (RawClient client = edge.client()) {
            assertEquals(200, client.send(edge.insert("[]")).answer().status());
        }
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void fewOfTheConnectionsBeyondTheLimitAreToldSo() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < Edge.MAX_CONNECTIONS + TOLD_MAX; i++) {
            clients.add(edge.client());
        }
        Eventually.holds("they are refused", Edge.WITHIN, () -> edge.counts.refusedConnections.get() == TOLD_MAX);
        try (RawClient oneMore = edge.client()) {
            Eventually.holds("one more", Edge.WITHIN, () -> edge.counts.refusedConnections.get() == TOLD_MAX + 1);
            assertThrows(IOException.class, oneMore::answer);
        }
        for (RawClient client : clients.subList(Edge.MAX_CONNECTIONS, clients.size())) {
            assertEquals(503, client.answer().status());
        }
        for (RawClient client : clients) {
            client.close();
        }
    }

    /** Answers that nobody reads fill the sockets, and then no request is read either, so that nothing grows here. */
    @Test
    void whoDoesNotReadAnswersIsNotReadFrom() throws IOException {
        String refused = "POST " + Edge.INSERT + " HTTP/1.1\r\nHost: x\r\n\r\n";
        ByteBuffer requests = StandardCharsets.US_ASCII.encode(refused.repeat(1_000));
        try (SocketChannel client = SocketChannel.open()) {
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port));
            client.configureBlocking(false);
            assertTrue(endsOrStalls(client, requests));
            edge.advance(IDLE_TIMEOUT);
            noneIsOpen();
        }
    }

    /** Whether the other side has had enough at some point. */
    private static boolean endsOrStalls(SocketChannel client, ByteBuffer bytes) {
        try {
            return stalls(client, bytes);
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean stalls(SocketChannel client, ByteBuffer bytes) throws IOException {
        long written = 0;
        long lastNanos = System.nanoTime();
        while (written < 200L << 20) {
            int now = client.write(bytes);
            if (!bytes.hasRemaining()) {
                bytes.rewind();
            }
            if (now > 0) {
                written += now;
                lastNanos = System.nanoTime();
            } else if (System.nanoTime() - lastNanos > Duration.ofSeconds(2).toNanos()) {
                return true;
            } else {
                Thread.onSpinWait();
            }
        }
        return false;
    }

    @Test
    void pingsThatNobodyReadsTheAnswersOfAreNotReadForLong() throws IOException {
        try (SocketChannel client = SocketChannel.open()) {
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port));
            client.write(ByteBuffer.wrap(RawHttp2.PREFACE));
            client.write(ByteBuffer.wrap(RawHttp2.frame(RawHttp2.SETTINGS, 0, 0, new byte[0])));
            client.configureBlocking(false);
            byte[] ping = RawHttp2.frame(RawHttp2.PING, 0, 0, new byte[8]);
            ByteBuffer pings = ByteBuffer.allocate(1_000 * ping.length);
            for (int i = 0; i < 1_000; i++) {
                pings.put(ping);
            }
            assertTrue(endsOrStalls(client, pings.flip()));
            edge.advance(IDLE_TIMEOUT);
            noneIsOpen();
        }
    }

    @Test
    void pingsDoNotKeepAConnection() throws IOException {
        try (RawHttp2 client = new RawHttp2(edge.client())) {
            client.send(RawHttp2.PING, 0, 0, new byte[8]);
            client.await(RawHttp2.PING);
            edge.advance(IDLE_TIMEOUT);
            client.await(RawHttp2.GOAWAY);
            assertTrue(client.ended());
        }
    }
}
