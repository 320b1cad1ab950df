package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one HTTP/2 connection may ask for, and what becomes of it when it asks for more. */
class Http2LimitsTest {
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int MAX_HEADER_LIST_SIZE = 6;
    private static final int REFUSED_STREAM = 7;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int CANCELLED_STREAMS_MAX = 200;
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
    void nothingIsLeft() {
        edge.inFlightIsBackToZero();
        Eventually.holds("no connection is left", Edge.WITHIN, () -> edge.server.connections() == 0);
        assertEquals(0, edge.log.entries().size());
    }

    private static byte[] insert(String... more) {
        String[] all = new String[10 + more.length];
        String[] usual = {
            ":method",
            "POST",
            ":scheme",
            "http",
            ":authority",
            "x",
            ":path",
            Edge.INSERT,
            "authorization",
            "Bearer " + edge.token()
        };
        System.arraycopy(usual, 0, all, 0, 10);
        System.arraycopy(more, 0, all, 10, more.length);
        return RawHttp2.headers(all);
    }

    @Test
    void theLimitsAreAnnounced() throws IOException {
        try (RawHttp2 client = new RawHttp2(edge.client())) {
            ByteBuffer payload = client.await(RawHttp2.SETTINGS).payload();
            Map<Integer, Integer> settings = new HashMap<>();
            while (payload.hasRemaining()) {
                settings.put((int) payload.getShort(), payload.getInt());
            }
            assertEquals(Edge.MAX_STREAMS, settings.get(MAX_CONCURRENT_STREAMS));
            assertEquals(Edge.MAX_HEADER_BYTES, settings.get(MAX_HEADER_LIST_SIZE));
        }
    }

    @Test
    void oneStreamTooManyIsRefusedAlone() throws IOException {
        try (RawHttp2 client = new RawHttp2(edge.client())) {
            for (int i = 0; i <= Edge.MAX_STREAMS; i++) {
                client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 2 * i + 1, insert());
            }
            RawHttp2.Frame refused = client.await(RawHttp2.RST_STREAM);
            assertEquals(2 * Edge.MAX_STREAMS + 1, refused.stream());
            assertEquals(REFUSED_STREAM, refused.number(0));
            client.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, "[]".getBytes(StandardCharsets.US_ASCII));
            assertEquals(1, client.await(RawHttp2.HEADERS).stream());
        }
    }

    @Test
    void whoCancelsTooManyStreamsIsSentAway() throws IOException {
        try (RawHttp2 client = new RawHttp2(edge.client())) {
            byte[] cancel = ByteBuffer.allocate(4).putInt(8).array();
            for (int i = 0; i <= CANCELLED_STREAMS_MAX; i++) {
                client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 2 * i + 1, insert());
                client.send(RawHttp2.RST_STREAM, 0, 2 * i + 1, cancel);
            }
            assertEquals(ENHANCE_YOUR_CALM, client.await(RawHttp2.GOAWAY).number(4));
        }
    }

    @Test
    void headersThatNeverEndEndTheConnection() throws IOException {
        try (RawHttp2 client = new RawHttp2(edge.client())) {
            client.send(RawHttp2.HEADERS, 0, 1, insert());
            byte[] more = RawHttp2.headers("x-long", "x".repeat(1_000));
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 10_000; i++) {
                    client.send(RawHttp2.CONTINUATION, 0, 1, more);
                }
            });
        }
    }

    @Test
    void emptyDataWithoutEndEndsTheConnection() throws IOException {
        try (RawHttp2 client = new RawHttp2(edge.client())) {
            client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, insert());
            for (int i = 0; i < 3; i++) {
                client.send(RawHttp2.DATA, 0, 1, new byte[0]);
            }
            client.await(RawHttp2.GOAWAY);
        }
    }

    @Test
    void headersBeyondTheLimitAre431() throws IOException {
        try (RawHttp2 client = new RawHttp2(edge.client())) {
            // Each counts 32 bytes more than it has (RFC 9113, 6.5.2).
            String[] many = new String[2 * (Edge.MAX_HEADER_BYTES / 34)];
            Arrays.fill(many, "x");
            client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, 1, insert(many));
            ByteBuffer block = client.await(RawHttp2.HEADERS).payload();
            assertTrue(StandardCharsets.ISO_8859_1.decode(block).toString().contains("431"));
        }
    }

    @Test
    void aBodyThatIsNotAsLongAsAnnouncedIsReset() throws IOException {
        try (RawHttp2 client = new RawHttp2(edge.client())) {
            client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, insert("content-length", Integer.toString(99)));
            client.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, RECORD.getBytes(StandardCharsets.US_ASCII));
            assertEquals(1, client.await(RawHttp2.RST_STREAM).stream());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: Upgrade\r\nUpgrade: h2c\r\n",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: ***\r\n",
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n",
                "Connection: HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n",
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAA\r\nSec-WebSocket-Version: 13\r\n"
            })
    void anUpgradeThatIsNotOneToHttp2IsIgnored(String headers) throws IOException {
        try (RawClient client = edge.client()) {
            client.send(edge.head() + headers + "Content-Length: 2\r\n\r\n[]");
            assertEquals(200, client.answer().status());
            assertEquals(200, client.send(edge.insert("[]")).answer().status());
        }
    }

    @Test
    void anUpgradeWithALongOrBrokenBodyStaysWithHttp1() throws IOException {
        String upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
        try (RawClient client = edge.client()) {
            String body = " ".repeat(200_000);
            client.send(edge.head() + upgrade + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            assertEquals(400, client.answer().status());
        }
        try (RawClient client = edge.client()) {
            client.send(edge.head() + upgrade + "Transfer-Encoding: chunked\r\n\r\nnot hex\r\n");
            assertEquals(400, client.answer().status());
        }
        try (RawClient client = edge.client()) {
            client.send("POST / HTTP/1.1\r\n" + upgrade + "Content-Length: 2\r\n\r\n[]");
            assertEquals(400, client.answer().status());
        }
    }
}
