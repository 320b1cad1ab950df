package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.http.RawClient.Answer;
import io.headgate.gateway.limits.Quota;
import io.headgate.gateway.limits.RateSettings;
import io.headgate.gateway.limits.Rates;
import io.headgate.model.TableName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who sends more than it may is answered 429, is told when to come back, and nothing of it is stored. */
class RatesTest {
    private static final String RECORD = "[{\"device_id\":\"a\"}]";
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private Edge edge;

    @AfterEach
    void stop() throws InterruptedException {
        edge.inFlightIsBackToZero();
        edge.stop();
    }

    private static Rates requests(int units, Duration window) {
        return new Rates(Optional.of(new Quota(units, window)), Optional.empty());
    }

    private static Rates bytes(int units, Duration window) {
        return new Rates(Optional.empty(), Optional.of(new Quota(units, window)));
    }

    private void start(Rates subject, Rates table, Rates total, Map<TableName, Rates> tables) throws IOException {
        edge = new Edge(directory, new RateSettings(subject, table, total, tables, 1_000));
    }

    private Answer insert(String subject, String body) throws IOException {
        return send(
                "Authorization: Bearer " + edge.tokenOf(subject, TestCatalog.TELEMETRY),
                "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private Answer send(String authorization, String rest) throws IOException {
        try (RawClient client = edge.client()) {
            return client.send("POST " + Edge.INSERT + " HTTP/1.1\r\nHost: x\r\n" + authorization + "\r\n" + rest)
                    .answer();
        }
    }

    @Test
    void aSubjectUpToItsQuotaAndAgainWhenToldSo() throws IOException {
        start(requests(3, HOUR), Rates.UNBOUNDED, Rates.UNBOUNDED, Map.of());
        for (int left = 2; left >= 0; left--) {
            Answer answer = insert("pump-1", RECORD);
            assertEquals(200, answer.status());
            assertEquals("\"subject\";q=3;w=3600", answer.header("ratelimit-policy"));
            assertTrue(answer.header("ratelimit").startsWith("\"subject\";r=" + left + ";t="), answer.toString());
        }
        Answer refused = insert("pump-1", RECORD);
        assertEquals(429, refused.status());
        assertTrue(refused.body().contains("RESOURCE_EXHAUSTED"), refused.body());
        int seconds = Integer.parseInt(refused.header("retry-after"));
        assertTrue(seconds > 0 && seconds <= 1_200, refused.header("retry-after"));
        assertEquals("\"subject\";r=0;t=" + seconds, refused.header("ratelimit"));
        assertEquals(200, insert("pump-2", RECORD).status());
        assertEquals(4, edge.log.entries().size());
        edge.advance(Duration.ofSeconds(seconds));
        assertEquals(200, insert("pump-1", RECORD).status());
    }

    @Test
    void aSubjectWithoutAGrantCountsNowhere() throws IOException {
        start(requests(1, HOUR), Rates.UNBOUNDED, Rates.UNBOUNDED, Map.of());
        String token = "Authorization: Bearer " + edge.tokenOf("pump-1", TestCatalog.MISSING);
        assertEquals(403, send(token, "Content-Length: 0\r\n\r\n").status());
        assertEquals(200, insert("pump-1", RECORD).status());
    }

    /** Two of a subject's three are refused by the total: they cost the subject nothing. */
    @Test
    void aRefusalCostsNothingOfTheOtherBounds() throws IOException {
        start(requests(2, HOUR), Rates.UNBOUNDED, requests(1, Duration.ofSeconds(10)), Map.of());
        assertEquals(200, insert("pump-1", RECORD).status());
        for (int i = 0; i < 5; i++) {
            Answer refused = insert("pump-1", RECORD);
            assertEquals(429, refused.status());
            assertTrue(refused.header("ratelimit").startsWith("\"total\";r=0"), refused.toString());
        }
        edge.advance(Duration.ofSeconds(10));
        assertEquals(200, insert("pump-1", RECORD).status());
        edge.advance(Duration.ofSeconds(10));
        assertTrue(insert("pump-1", RECORD).header("ratelimit").startsWith("\"subject\";r=0"));
    }

    @Test
    void aTableBeyondItsOwnQuota() throws IOException {
        start(Rates.UNBOUNDED, requests(100, HOUR), Rates.UNBOUNDED, Map.of(TestCatalog.TELEMETRY, requests(2, HOUR)));
        assertEquals(200, insert("pump-1", RECORD).status());
        assertEquals(200, insert("pump-2", RECORD).status());
        Answer refused = insert("pump-3", RECORD);
        assertEquals(429, refused.status());
        assertEquals("\"table\";q=2;w=3600", refused.header("ratelimit-policy"));
    }

    /** A body may exceed what is left; whoever sends the next one waits until that is paid. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bytesAreADebt(boolean chunked) throws IOException {
        start(bytes(1_000, Duration.ofSeconds(10)), Rates.UNBOUNDED, Rates.UNBOUNDED, Map.of());
        String body = RECORD + " ".repeat(5_000 - RECORD.length());
        String token = "Authorization: Bearer " + edge.tokenOf("pump-1", TestCatalog.TELEMETRY);
        Answer large = send(
                token,
                chunked
                        ? "Transfer-Encoding: chunked\r\n\r\n1388\r\n" + body + "\r\n0\r\n\r\n"
                        : "Content-Length: 5000\r\n\r\n" + body);
        assertEquals(200, large.status());
        assertEquals("\"subject-bytes\";q=1000;w=10;qu=\"content-bytes\"", large.header("ratelimit-policy"));
        Answer refused = insert("pump-1", RECORD);
        assertEquals(429, refused.status());
        int seconds = Integer.parseInt(refused.header("retry-after"));
        assertTrue(seconds > 30 && seconds <= 41, refused.header("retry-after"));
        edge.advance(Duration.ofSeconds(seconds));
        assertEquals(200, insert("pump-1", RECORD).status());
    }

    /** Who tries again at once, all the time, is read more and more slowly; the others are not. */
    @Test
    void whoComesBackTooSoonWaits() throws IOException {
        start(requests(1, HOUR), Rates.UNBOUNDED, Rates.UNBOUNDED, Map.of());
        int refusals = 2 * Edge.EVENT_LOOPS * Edge.REFUSALS_PER_SECOND;
        String request = "POST " + Edge.INSERT + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nAuthorization: Bearer "
                + edge.tokenOf("pump-1", TestCatalog.TELEMETRY) + "\r\n\r\n";
        try (RawClient hasty = edge.client()) {
            hasty.send(request).answer();
            long start = System.nanoTime();
            for (int i = 0; i < refusals; i++) {
                assertEquals(429, hasty.send(request).answer().status());
            }
            // As many as one loop answers in a second are answered at once; one connection is on one loop.
            double seconds = (refusals - Edge.REFUSALS_PER_SECOND) / (double) Edge.REFUSALS_PER_SECOND;
            assertTrue(System.nanoTime() - start >= seconds * 0.9e9, "they were not made to wait");
            hasty.send(request);
            assertEquals(200, insert("pump-2", RECORD).status());
            assertEquals(429, hasty.answer().status());
        }
    }

    @Test
    void withoutRatesNothingIsSaidOfThem() throws IOException {
        edge = new Edge(directory);
        assertEquals("", insert("pump-1", RECORD).header("ratelimit-policy"));
    }

    @Test
    void http2() throws IOException, InterruptedException {
        start(requests(1, HOUR), Rates.UNBOUNDED, Rates.UNBOUNDED, Map.of());
        assertEquals(200, insert("pump-17", RECORD).status());
        HttpResponse<String> refused = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port + Edge.INSERT))
                                .header("Authorization", "Bearer " + edge.token())
                                .POST(HttpRequest.BodyPublishers.ofString(RECORD))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(HttpClient.Version.HTTP_2, refused.version());
        assertEquals(429, refused.statusCode());
        assertEquals(1, refused.headers().allValues("retry-after").size());
        assertEquals(
                "\"subject\";q=1;w=3600",
                refused.headers().firstValue("ratelimit-policy").orElse(""));
    }
}
