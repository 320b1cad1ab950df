package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.http.RawClient.Answer;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's own bounds: its port and its connections. */
class IngestServerTest {
    private Edge edge;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        edge = new Edge(directory);
        edge.warmUp();
    }

    @AfterEach
    void stop() throws InterruptedException {
        edge.stop();
    }

    @Test
    void aPortThatIsTakenIsTold() {
        IngestServer second = edge.newServer(edge.port);
        CompletionException failure =
                assertThrows(CompletionException.class, () -> second.start().join());
        assertInstanceOf(BindException.class, failure.getCause());
        second.close().join();
    }

    @Test
    void aConnectionBeyondTheLimitIsToldToComeBack() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < Edge.MAX_CONNECTIONS; i++) {
            RawClient client = edge.client();
            clients.add(client);
            assertEquals(200, client.send(edge.insert("[]")).answer().status());
        }
        try (RawClient oneMore = edge.client()) {
            Answer answer = oneMore.send(edge.insert("[]")).answer();
            assertEquals(503, answer.status());
            assertEquals("5", answer.header("retry-after"));
            assertTrue(answer.body().contains("TEMPORARILY_UNAVAILABLE"), answer.body());
            assertFalse(answer.header("x-request-id").isEmpty());
            assertTrue(oneMore.ended());
        }
        for (RawClient client : clients) {
            assertEquals(200, client.send(edge.insert("[]")).answer().status());
            client.close();
        }
    }

    @Test
    void aDrainedServerLetsNobodyIn() {
        edge.server.drain(Duration.ofSeconds(5)).join();
        assertThrows(ConnectException.class, () -> edge.client().close());
    }
}
