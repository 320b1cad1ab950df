package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.batching.LogEntry;
import io.headgate.gateway.coding.Coded;
import io.headgate.model.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests of one HTTP/2 connection: a caller's are appended as they came, and nobody waits for another's. */
class Http2OrderTest {
    private static final int FRAME_BYTES = 16_000;
    private static final byte[] RECORD = "{\"device_id\":\"pump-17\",\"temp\":21.5}".getBytes(StandardCharsets.UTF_8);

    private Edge edge;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        edge = new Edge(directory);
        edge.warmUp();
    }

    @AfterEach
    void stop() throws InterruptedException {
        edge.inFlightIsBackToZero();
        edge.stop();
    }

    private static byte[] head(String token, String... more) {
        List<String> all = new ArrayList<>(List.of(
                ":method",
                "POST",
                ":scheme",
                "http",
                ":authority",
                "x",
                ":path",
                Edge.INSERT,
                "authorization",
                "Bearer " + token));
        all.addAll(List.of(more));
        return RawHttp2.headers(all.toArray(String[]::new));
    }

    private static void open(RawHttp2 client, int stream, String token, String... more) throws IOException {
        client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, head(token, more));
    }

    private static void complete(RawHttp2 client, int stream, byte[] body) throws IOException {
        for (int at = 0; at < body.length; at += FRAME_BYTES) {
            int to = Math.min(body.length, at + FRAME_BYTES);
            client.send(
                    RawHttp2.DATA,
                    to == body.length ? RawHttp2.END_STREAM : 0,
                    stream,
                    Arrays.copyOfRange(body, at, to));
        }
    }

    private List<Integer> rowCounts() {
        return edge.log.entries().stream().map(LogEntry::rowCount).toList();
    }

    /** Expanded, the large ones take a decoding thread; sent, two of them fit into what a stream may have unread. */
    @Test
    void bodiesAreAppendedInTheOrderInWhichTheyWereComplete() throws IOException {
        List<Integer> expected = new ArrayList<>();
        try (RawHttp2 client = new RawHttp2(edge.client())) {
            for (int i = 0; i < 10; i++) {
                int stream = 1 + 6 * i;
                int large = 4_000 + i;
                byte[] readings = Coded.zstd(Edge.readingsArray(large).getBytes(StandardCharsets.UTF_8));
                open(client, stream, edge.token());
                open(client, stream + 2, edge.token(), "content-encoding", "zstd");
                open(client, stream + 4, edge.token());
                complete(client, stream + 2, readings);
                complete(
                        client,
                        stream + 4,
                        ("[" + "{\"device_id\":\"a\"},".repeat(i + 1) + "{\"device_id\":\"b\"}]")
                                .getBytes(StandardCharsets.UTF_8));
                complete(client, stream, RECORD);
                expected.addAll(List.of(large, i + 2, 1));
                int soFar = expected.size();
                Eventually.holds(
                        "all are stored", Edge.WITHIN, () -> edge.log.entries().size() == soFar);
            }
        }
        assertEquals(expected, rowCounts());
    }

    @Test
    void whatIsRefusedLetsTheNextGoOn() throws IOException {
        byte[] broken = Coded.zstd(Edge.readingsArray(4_000).replace("]", "").getBytes(StandardCharsets.UTF_8));
        try (RawHttp2 client = new RawHttp2(edge.client())) {
            for (int stream : new int[] {1, 3, 5, 7}) {
                open(client, stream, edge.token(), stream == 7 ? "x-other" : "content-encoding", "zstd");
            }
            complete(client, 1, broken);
            complete(client, 3, Arrays.copyOf(broken, 1_000));
            complete(client, 5, Coded.zstd(Edge.readingsArray(5_000).getBytes(StandardCharsets.UTF_8)));
            complete(client, 7, RECORD);
            Eventually.holds(
                    "two are stored", Edge.WITHIN, () -> edge.log.entries().size() == 2);
        }
        assertEquals(List.of(5_000, 1), rowCounts());
        assertEquals(2, edge.counts.refused.get());
    }

    /** One that is held up by its table holds up those behind it of the same caller, on the same connection. */
    @Test
    void nobodyElseWaits() throws IOException {
        String pump = edge.token();
        String other = edge.tokenOf("pump-18", TestCatalog.TELEMETRY);
        byte[] fresh = "[{\"device_id\":\"a\",\"fresh\":\"1\"},{\"device_id\":\"b\"}]".getBytes(StandardCharsets.UTF_8);
        byte[] three =
                "[{\"device_id\":\"a\"},{\"device_id\":\"b\"},{\"device_id\":\"c\"}]".getBytes(StandardCharsets.UTF_8);
        edge.advance(Duration.ofSeconds(1));
        edge.catalog.hold();
        try (RawHttp2 shared = new RawHttp2(edge.client());
                RawHttp2 own = new RawHttp2(edge.client())) {
            open(shared, 1, pump);
            complete(shared, 1, fresh);
            Eventually.holds("the table is looked at", Edge.WITHIN, () -> edge.catalog.telemetryLoads() == 2);
            open(shared, 3, pump);
            complete(shared, 3, three);
            open(shared, 5, other);
            complete(shared, 5, RECORD);
            Eventually.holds(
                    "another caller's is stored", Edge.WITHIN, () -> rowCounts().equals(List.of(1)));
            open(own, 1, pump);
            complete(own, 1, RECORD);
            Eventually.holds(
                    "so is another connection's", Edge.WITHIN, () -> rowCounts().equals(List.of(1, 1)));
            edge.catalog.addColumn("fresh");
            edge.catalog.letGo();
            Eventually.holds(
                    "all are stored", Edge.WITHIN, () -> edge.log.entries().size() == 4);
        }
        assertEquals(List.of(1, 1, 2, 3), rowCounts());
    }
}
