package io.headgate.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthProbeTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private HttpServer server;
    private volatile int status = 200;
    private volatile String asked = "";

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked = exchange.getRequestURI().getPath();
            exchange.sendResponseHeaders(status, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int probe(String host, int port) {
        Map<String, String> environment =
                Map.of("HEADGATE_MANAGEMENT_HOST", host, "HEADGATE_MANAGEMENT_PORT", String.valueOf(port));
        return HealthProbe.run(environment, "/health/live", new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "0.0.0.0"})
    void aHealthyGatewayIsZeroAtWhateverAddressItListens(String host) {
        assertEquals(0, probe(host, server.getAddress().getPort()), out::toString);
        assertEquals("/health/live", asked);
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("{}"), out::toString);
    }

    @Test
    void oneThatSaysItIsNotIsOne() {
        status = 503;
        assertEquals(1, probe("127.0.0.1", server.getAddress().getPort()));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("HTTP/1.1 503"), out::toString);
    }

    @Test
    void nobodyListeningIsOne() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertEquals(1, probe("127.0.0.1", port));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("No answer from"), out::toString);
    }
}
