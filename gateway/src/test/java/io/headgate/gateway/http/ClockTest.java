package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.http.RawClient.Answer;
import io.headgate.model.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers get while the clock cannot be right. */
class ClockTest {
    private static final String NO_TOKEN = "POST " + Edge.INSERT + " HTTP/1.1\r\nHost: x\r\n\r\n";

    private final ManualClock clock = new ManualClock(Instant.now());
    private Edge edge;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        edge = new Edge(directory);
        edge.clock = clock;
    }

    @AfterEach
    void stop() throws InterruptedException {
        edge.stop();
    }

    private Answer ask(String request) throws IOException {
        try (RawClient client = edge.client()) {
            return client.send(request).answer();
        }
    }

    @Test
    void everybodyIsToldToComeBackAndNobodyThatATokenIsWrong() throws IOException {
        String insert = edge.insert("[{\"device_id\":\"a\"}]");
        edge.log.letGo();
        assertEquals(200, ask(insert).status());
        clock.advance(Duration.ofDays(-1).minusSeconds(1));
        edge.clockGuard.look();
        for (String request :
                new String[] {insert, NO_TOKEN, "GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\n\r\n"}) {
            Answer answer = ask(request);
            assertEquals(503, answer.status(), answer.body());
            assertTrue(answer.body().startsWith("{\"error_code\":\"TEMPORARILY_UNAVAILABLE\""), answer.body());
            assertTrue(answer.body().contains("clock is not set"), answer.body());
            assertEquals("10", answer.header("retry-after"));
        }
        Answer token = ask("POST /oidc/v1/token HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        assertEquals(503, token.status());
        assertTrue(token.body().startsWith("{\"error\":\"temporarily_unavailable\""), token.body());
        assertEquals(404, ask("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n").status());
        assertEquals(1, edge.log.entries().size());

        clock.advance(Duration.ofSeconds(1));
        edge.clockGuard.look();
        assertEquals(401, ask(NO_TOKEN).status());
        assertEquals(200, ask(insert).status());
    }
}
