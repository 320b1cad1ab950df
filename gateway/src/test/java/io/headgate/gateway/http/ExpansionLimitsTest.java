package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.coding.Coded;
import io.headgate.gateway.http.RawClient.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a compressed body may become: exactly each limit, and no more. */
class ExpansionLimitsTest {
    private static final int ANY_RATIO_BYTES = 64 << 10;
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

    private record Coding(String name, UnaryOperator<byte[]> encode) {}

    private static final List<Coding> CODINGS = List.of(
            new Coding("gzip", Coded::gzip),
            new Coding("deflate", Coded::zlib),
            new Coding("deflate", Coded::raw),
            new Coding("zstd", Coded::zstd),
            new Coding("zstd", body -> Coded.zstdStream(body, 23)));

    private static Answer ask(String coding, byte[] body) throws IOException {
        try (RawClient client = edge.client()) {
            return client.send(edge.insert("Content-Encoding: " + coding + "\r\n", body))
                    .answer();
        }
    }

    /** A record and blanks. */
    private static byte[] content(int bytes) {
        return (RECORD + " ".repeat(bytes - RECORD.length())).getBytes(StandardCharsets.UTF_8);
    }

    private static int stored() {
        return edge.log.entries().size();
    }

    private static void assertTooLarge(String limit, int bytes, Answer answer) {
        assertEquals(413, answer.status(), answer.body());
        assertTrue(
                answer.body().contains("The body expands to more than " + bytes + " bytes, the limit " + limit),
                answer.body());
    }

    /** Blanks for what does not compress: no ratio is in the way. */
    @Test
    void theSizeOfTheContent() throws IOException {
        byte[] array = Edge.readingsArray(6_000).getBytes(StandardCharsets.UTF_8);
        byte[] fits = Coded.concat(
                array, " ".repeat(Edge.MAX_EXPANDED_BYTES - array.length).getBytes(StandardCharsets.UTF_8));
        for (Coding coding : CODINGS) {
            int before = stored();
            assertEquals(200, ask(coding.name, coding.encode.apply(fits)).status());
            assertTooLarge(
                    "http.max-expanded-body",
                    Edge.MAX_EXPANDED_BYTES,
                    ask(coding.name, coding.encode.apply(Coded.concat(fits, new byte[] {' '}))));
            assertEquals(before + 1, stored());
        }
    }

    @Test
    void anyRatioForLittle() throws IOException {
        for (Coding coding : CODINGS) {
            byte[] fits = coding.encode.apply(content(ANY_RATIO_BYTES));
            assertTrue(fits.length * Edge.MAX_EXPANSION_RATIO < ANY_RATIO_BYTES, "the ratio matters");
            assertEquals(200, ask(coding.name, fits).status());
            assertTooLarge(
                    "http.max-expansion-ratio",
                    ANY_RATIO_BYTES,
                    ask(coding.name, coding.encode.apply(content(ANY_RATIO_BYTES + 1))));
        }
    }

    /** A frame to be skipped makes a body as large as it takes. */
    @Test
    void theRatio() throws IOException {
        for (int sentBytes : new int[] {700, 2_000, 3_999}) {
            int max = sentBytes * Edge.MAX_EXPANSION_RATIO;
            assertEquals(200, ask("zstd", sent(sentBytes, content(max))).status());
            Answer answer = ask("zstd", sent(sentBytes, content(max + 1)));
            assertTooLarge("http.max-expansion-ratio for a body of " + sentBytes, max, answer);
        }
        assertEquals(
                200, ask("zstd", sent(4_000, content(Edge.MAX_EXPANDED_BYTES))).status());
        assertTooLarge(
                "http.max-expanded-body",
                Edge.MAX_EXPANDED_BYTES,
                ask("zstd", sent(4_000, content(Edge.MAX_EXPANDED_BYTES + 1))));
    }

    private static byte[] sent(int bytes, byte[] content) {
        byte[] coded = Coded.zstd(content);
        return Coded.concat(coded, Coded.skippable(new byte[bytes - coded.length - 8]));
    }

    @Test
    void whatIsSent() throws IOException {
        byte[] coded = Coded.zstd(content(100));
        byte[] fits = Coded.concat(coded, Coded.skippable(new byte[Edge.MAX_BODY_BYTES - coded.length - 8]));
        assertEquals(200, ask("zstd", fits).status());
        assertEquals(413, ask("zstd", Coded.concat(fits, new byte[1])).status());
    }

    @Test
    void bombsAreNotExpandedFurther() throws IOException {
        int before = stored();
        byte[] zeros = new byte[32 << 20];
        for (Coding coding : CODINGS) {
            byte[] bomb = coding.encode.apply(zeros);
            assertTrue(bomb.length < Edge.MAX_BODY_BYTES);
            assertEquals(413, ask(coding.name, bomb).status());
            edge.inFlightIsBackToZero();
            Answer nested = ask(coding.name, coding.encode.apply(bomb));
            assertTrue(nested.status() == 400 || nested.status() == 413, nested.body());
        }
        assertEquals(before, stored());
    }

    @Test
    void contentIsReservedBeforeItIsExpanded() throws IOException {
        int before = stored();
        byte[] large = Edge.readingsArray(6_000).getBytes(StandardCharsets.UTF_8);
        for (Coding coding : CODINGS) {
            for (byte[] content : List.of(content(1_000), large)) {
                byte[] coded = coding.encode.apply(content);
                long taken = edge.inFlight.maxBytes() - coded.length - content.length + 1;
                assertTrue(edge.inFlight.tryReserve(taken));
                try {
                    Answer answer = ask(coding.name, coded);
                    assertEquals(503, answer.status(), answer.body());
                    assertTrue(Integer.parseInt(answer.header("retry-after")) >= 1);
                } finally {
                    edge.inFlight.release(taken);
                }
                edge.inFlightIsBackToZero();
            }
        }
        assertEquals(before, stored());
    }
}
