package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.LogEntry;
import io.headgate.gateway.coding.Coded;
import io.headgate.gateway.http.RawClient.Answer;
import io.headgate.model.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each form of a body, in each coding: its rows are those of the same records as plain JSON. */
class BodyFormsTest {
    private static final String NDJSON = "Content-Type: application/x-ndjson\r\n";
    private static final String RECORD = "{\"device_id\":\"pump-17\",\"temp\":21.5}";

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

    /** How clients code bodies, and what they say then. */
    private record Coding(String name, String said, UnaryOperator<byte[]> encode) {
        String header() {
            return said.isEmpty() ? "" : "Content-Encoding: " + said + "\r\n";
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final Coding GZIP = new Coding("gzip", "gzip", Coded::gzip);
    private static final Coding ZLIB = new Coding("zlib", "deflate", Coded::zlib);
    private static final Coding RAW = new Coding("bare DEFLATE", "deflate", Coded::raw);
    private static final Coding ZSTD = new Coding("zstd", "zstd", Coded::zstd);
    private static final Coding ZSTD_STREAM = new Coding("zstd stream", "zstd", body -> Coded.zstdStream(body, 21));

    static List<Coding> codings() {
        byte[] nothing = {};
        return List.of(
                new Coding("none", "", body -> body),
                new Coding("identity", "identity", body -> body),
                GZIP,
                new Coding("gzip's other name", "x-gzip", Coded::gzip),
                new Coding("upper case", "GZip", Coded::gzip),
                new Coding("identity besides", "identity, gzip ,", Coded::gzip),
                new Coding("members", "gzip", body -> Coded.concat(Coded.gzip(nothing), Coded.gzip(body))),
                ZLIB,
                RAW,
                ZSTD,
                ZSTD_STREAM,
                new Coding(
                        "frames",
                        "zstd",
                        body -> Coded.concat(Coded.skippable(body), Coded.zstd(body), Coded.zstd(nothing))));
    }

    private static Answer ask(byte[] request) throws IOException {
        try (RawClient client = edge.client()) {
            return client.send(request).answer();
        }
    }

    private static int stored() {
        return edge.log.entries().size();
    }

    private static LogEntry last() {
        List<LogEntry> entries = edge.log.entries();
        return entries.get(entries.size() - 1);
    }

    /** Plain, 2,000 records and more are decoded off the event loop; compressed, that shows only as they expand. */
    @ParameterizedTest
    @MethodSource("codings")
    void everyFormInEveryCoding(Coding coding) throws IOException {
        for (int count : new int[] {1, 3, 2_000, 6_500}) {
            String lines = Edge.readings(count);
            String array = Edge.readingsArray(count);
            assertEquals(
                    200,
                    ask(edge.insert("", array.getBytes(StandardCharsets.UTF_8))).status());
            LogEntry expected = last();
            assertEquals(count, expected.rowCount());
            byte[] asArray = coding.encode.apply(array.getBytes(StandardCharsets.UTF_8));
            byte[] asLines = coding.encode.apply(lines.getBytes(StandardCharsets.UTF_8));
            for (byte[] request : List.of(
                    edge.insert(coding.header(), asArray),
                    edge.chunked(coding.header(), asArray, 1 + asArray.length / 3),
                    edge.insert(NDJSON + coding.header(), asLines),
                    edge.chunked(coding.header() + NDJSON, asLines, 1 + asLines.length / 3))) {
                int before = stored();
                Answer answer = ask(request);
                assertEquals(200, answer.status(), answer.body());
                assertEquals(before + 1, stored());
                assertEquals(count, last().rowCount());
                assertEquals(expected.payload(), last().payload());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-ndjson",
                "application/ndjson",
                "application/jsonl",
                "application/x-jsonlines",
                "Application/X-NDJSON; charset=UTF-8",
                "application/jsonl;charset=\"utf-8\""
            })
    void everyNameOfNdjson(String type) throws IOException {
        byte[] lines = (RECORD + "\r\n\r\n" + RECORD + "\r\n").getBytes(StandardCharsets.UTF_8);
        assertEquals(
                200, ask(edge.insert("Content-Type: " + type + "\r\n", lines)).status());
        assertEquals(2, last().rowCount());
    }

    @Test
    void aLineThatIsWrongIsNamed() throws IOException {
        int before = stored();
        byte[] lines = (RECORD + "\n\n{\"device_id\":\"b\",\"temp\":\"warm\"}\n").getBytes(StandardCharsets.UTF_8);
        for (byte[] request : List.of(
                edge.insert(NDJSON, lines), edge.insert(NDJSON + "Content-Encoding: gzip\r\n", Coded.gzip(lines)))) {
            Answer answer = ask(request);
            assertEquals(400, answer.status());
            assertTrue(answer.body().contains("\"record\":1,\"path\":\"$.temp\""), answer.body());
            assertTrue(answer.body().contains("\"line\":3,"), answer.body());
        }
        assertEquals(before, stored());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Encoding: br | Accept-Encoding | gzip, zstd, deflate",
                "Content-Encoding: snappy | Accept-Encoding | gzip, zstd, deflate",
                "Content-Encoding: gzip, zstd | Accept-Encoding | gzip, zstd, deflate",
                "Content-Type: text/plain | Accept | application/json, application/x-ndjson",
                "Content-Type: text/csv | Accept | application/json, application/x-ndjson"
            })
    void whatIsNotTakenIsToldWhatIs(String header, String about, String taken) throws IOException {
        Answer answer = ask(edge.insert(header + "\r\n", new byte[] {1, 2, 3}));
        assertEquals(415, answer.status());
        assertEquals(taken, answer.header(about.toLowerCase(Locale.ROOT)));
        // RFC 7694, 3: so that clients can tell what it was about.
        assertEquals(about.equals("Accept"), answer.header("accept-encoding").isEmpty());
        assertEquals(!about.equals("Accept"), answer.header("accept").isEmpty());
    }

    @Test
    void whatIsNotWhatItSaysIsRefusedAndTheConnectionGoesOn() throws IOException {
        int before = stored();
        byte[] small = RECORD.getBytes(StandardCharsets.UTF_8);
        byte[] large = Edge.readingsArray(4_000).getBytes(StandardCharsets.UTF_8);
        try (RawClient client = edge.client()) {
            for (Coding coding : List.of(GZIP, ZLIB, RAW, ZSTD, ZSTD_STREAM)) {
                for (byte[] body : List.of(small, large)) {
                    byte[] coded = coding.encode.apply(body);
                    byte[] cut = Arrays.copyOf(coded, coded.length - 2);
                    for (byte[] wrong : List.of(cut, Coded.concat(coded, new byte[20]), small, new byte[0])) {
                        Answer answer =
                                client.send(edge.insert(coding.header(), wrong)).answer();
                        assertEquals(400, answer.status(), coding + " " + answer.body());
                        assertTrue(answer.body().contains("cannot be expanded from "), answer.body());
                        edge.inFlightIsBackToZero();
                    }
                    client.send(edge.insert(coding.header(), coding.encode.apply(coded)));
                    assertEquals(400, client.answer().status(), "coded twice");
                }
                client.send(edge.insert(coding.header(), coding.encode.apply(new byte[0])));
                assertTrue(client.answer().body().contains("The body is empty"), "nothing in it");
            }
            assertEquals(200, client.send(edge.insert("[]")).answer().status());
        }
        assertEquals(before, stored());
    }

    @Test
    void countsAreOfWhatWasSent() throws IOException {
        byte[] coded = Coded.gzip(Edge.readingsArray(3_000).getBytes(StandardCharsets.UTF_8));
        edge.accesses.clear();
        assertEquals(200, ask(edge.insert("Content-Encoding: gzip\r\n", coded)).status());
        Eventually.holds("its line follows the answer", Edge.WITHIN, () -> !edge.accesses.isEmpty());
        Access access = edge.accesses.remove();
        assertEquals(coded.length, access.bodyBytes());
        assertEquals(last().rowCount(), access.records());
    }
}
