package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.coding.Coded;
import io.headgate.gateway.http.RawClient.Answer;
import io.headgate.model.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code Idempotency-Key} promises, and what it may look like. */
class IdempotencyTest {
    private static final String RECORD = "{\"device_id\":\"pump-17\",\"temp\":21.5}";
    private static final String OTHER = "{\"device_id\":\"pump-17\",\"temp\":21.6}";
    private static final String REPLAYED = "idempotency-replayed";

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

    private String keyed(String key, String body) {
        return keyed(edge.token(), key, body);
    }

    private static String keyed(String token, String key, String body) {
        return "POST " + Edge.INSERT + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                + "\r\nIdempotency-Key: " + key + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static void assertAnswered(int status, String replayed, Answer answer) {
        assertEquals(status, answer.status(), answer::body);
        assertEquals(replayed, answer.header(REPLAYED), answer::body);
    }

    @Test
    void aRetryIsAnsweredForTheFirst() throws IOException {
        try (RawClient client = edge.client();
                RawClient other = edge.client()) {
            assertAnswered(200, "", client.send(keyed("k-1", RECORD)).answer());
            assertAnswered(200, "true", client.send(keyed("k-1", RECORD)).answer());
            assertAnswered(200, "true", other.send(keyed("k-1", RECORD)).answer());
            assertAnswered(200, "", other.send(keyed("k-2", RECORD)).answer());
            assertAnswered(200, "", other.send(edge.insert(RECORD)).answer());
        }
        assertEquals(3, edge.log.entries().size());
        assertEquals(3, edge.counts.acked.get(), "rows of retries are not acked again");
    }

    @Test
    void aRetryWhileTheFirstIsUnderWayWaitsForTheSameForce() throws IOException {
        edge.log.hold();
        try (RawClient first = edge.client();
                RawClient retry = edge.client();
                RawClient again = edge.client();
                RawClient misuse = edge.client()) {
            first.send(keyed("k-1", RECORD));
            Eventually.holds("the first waits", Edge.WITHIN, () -> edge.log.waiting() == 1);
            retry.send(keyed("k-1", RECORD));
            again.send(keyed("k-1", RECORD));
            Eventually.holds("the others wait with it", Edge.WITHIN, () -> edge.keys.replays() == 2);
            assertAnswered(422, "", misuse.send(keyed("k-1", OTHER)).answer());
            assertEquals(1, edge.log.waiting());
            first.reset(); // as the client that comes again did
            edge.log.letGo();
            assertAnswered(200, "true", retry.answer());
            assertAnswered(200, "true", again.answer());
        }
        assertEquals(1, edge.log.entries().size());
    }

    @Test
    void anotherBodyUnderTheKeyIsRefused() throws IOException {
        try (RawClient client = edge.client()) {
            assertAnswered(200, "", client.send(keyed("k-1", RECORD)).answer());
            for (String body : List.of(OTHER, RECORD + " ", "[]", "nonsense", Edge.records(100_000))) {
                Answer answer = client.send(keyed("k-1", body)).answer();
                assertAnswered(422, "", answer);
                assertTrue(answer.body().contains("\"error_code\":\"INVALID_PARAMETER_VALUE\""), answer::body);
                assertTrue(answer.body().contains("Idempotency-Key came with another body"), answer::body);
            }
            assertAnswered(200, "true", client.send(keyed("k-1", RECORD)).answer());
        }
        assertEquals(1, edge.log.entries().size());
    }

    @Test
    void keysBelongToTheirSubject() throws IOException {
        String pump = edge.token();
        String other = edge.tokenOf("pump-18", TestCatalog.TELEMETRY);
        try (RawClient client = edge.client()) {
            assertAnswered(200, "", client.send(keyed(pump, "k-1", RECORD)).answer());
            assertAnswered(200, "", client.send(keyed(other, "k-1", OTHER)).answer());
            assertAnswered(200, "true", client.send(keyed(pump, "k-1", RECORD)).answer());
        }
        assertEquals(2, edge.log.entries().size());
    }

    @Test
    void aLargeBodyIsDigestedElsewhere() throws IOException {
        String body = Edge.records(100_000);
        try (RawClient client = edge.client()) {
            assertAnswered(200, "", client.send(keyed("k-1", body)).answer());
            assertAnswered(200, "true", client.send(keyed("k-1", body)).answer());
            assertAnswered(
                    422,
                    "",
                    client.send(keyed("k-1", body.replaceFirst("21.5", "21.6"))).answer());
        }
        assertEquals(1, edge.log.entries().size());
    }

    /** Compressing anew need not make the same bytes: gzip's header has the time, and levels differ. */
    @Test
    void aRetryMayBeCompressedInAnotherWay() throws IOException {
        for (String body : List.of(RECORD, Edge.readingsArray(3_000))) {
            byte[] plain = body.getBytes(StandardCharsets.UTF_8);
            byte[] later = Coded.gzip(plain);
            later[4]++; // MTIME
            String key = "Idempotency-Key: k-" + body.length() + "\r\n";
            String replayed = "";
            try (RawClient client = edge.client()) {
                for (byte[] request : List.of(
                        edge.insert(key + "Content-Encoding: gzip\r\n", Coded.gzip(plain)),
                        edge.insert(key + "Content-Encoding: gzip\r\n", Coded.concat(later, Coded.gzip(new byte[0]))),
                        edge.insert(key, plain),
                        edge.insert(key + "Content-Encoding: zstd\r\n", Coded.zstd(plain)))) {
                    assertAnswered(200, replayed, client.send(request).answer());
                    replayed = "true";
                }
                byte[] other = Coded.zstd((body + " ").getBytes(StandardCharsets.UTF_8));
                client.send(edge.insert(key + "Content-Encoding: zstd\r\n", other));
                assertAnswered(422, "", client.answer());
            }
        }
        assertEquals(2, edge.log.entries().size());
    }

    @Test
    void aRefusedRequestLeavesItsKeyFree() throws IOException {
        try (RawClient client = edge.client()) {
            assertAnswered(400, "", client.send(keyed("k-1", "nonsense")).answer());
            edge.log.full(true);
            assertAnswered(503, "", client.send(keyed("k-1", OTHER)).answer());
            edge.log.full(false);
            assertAnswered(200, "", client.send(keyed("k-1", RECORD)).answer());
            edge.log.full(true);
            assertAnswered(200, "true", client.send(keyed("k-1", RECORD)).answer());
        }
        assertEquals(1, edge.log.entries().size());
    }

    @Test
    void noRecordsAreKeptUnderNoKey() throws IOException {
        try (RawClient client = edge.client()) {
            assertAnswered(200, "", client.send(keyed("k-1", "[]")).answer());
            assertAnswered(200, "", client.send(keyed("k-1", RECORD)).answer());
        }
        assertEquals(1, edge.keys.keys());
    }

    @Test
    void aKeyHas1To255VisibleCharacters() throws IOException {
        String longest = "!~" + "k".repeat(253);
        try (RawClient client = edge.client()) {
            for (String key : List.of("k", "0", "\"k\"", longest, "\"" + longest + "\"", "a\"b", "k,l")) {
                assertEquals(200, client.send(keyed(key, RECORD)).answer().status(), key);
            }
            for (String key : List.of(
                    "",
                    "\"",
                    "\"\"",
                    longest + "k",
                    "\"" + longest + "k\"",
                    "a b",
                    "\"a b\"",
                    "a\tb",
                    "\u00e4",
                    "\"k",
                    "\"k\";p=1")) {
                Answer answer = client.send(keyed(key, RECORD)).answer();
                assertEquals(400, answer.status(), key);
                assertTrue(answer.body().contains("header Idempotency-Key"), answer::body);
            }
        }
        // k and "k" are one, as are the longest with quotes and without.
        assertEquals(5, edge.log.entries().size());
    }

    @Test
    void twoKeysAreNone() throws IOException {
        try (RawClient client = edge.client()) {
            Answer answer =
                    client.send(keyed("k-1\r\nIdempotency-Key: k-1", RECORD)).answer();
            assertEquals(400, answer.status());
            assertTrue(answer.body().contains("is given 2 times"), answer::body);
        }
        assertEquals(0, edge.log.entries().size());
    }

    @Test
    void aRecordThatIsOnlyCheckedTakesNoKey() throws IOException {
        try (RawClient client = edge.client()) {
            client.send(keyed("k-1", RECORD).replaceFirst("/insert ", "/insert?validate_only=true "));
            assertAnswered(200, "", client.answer());
            assertAnswered(200, "", client.send(keyed("k-1", OTHER)).answer());
        }
        assertEquals(1, edge.log.entries().size());
    }
}
