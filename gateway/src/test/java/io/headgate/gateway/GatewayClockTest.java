package io.headgate.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.cli.GatewayData;
import io.headgate.gateway.config.GatewayConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose log holds an entry from a clock that was ahead. */
class GatewayClockTest {
    private static final String SETTINGS = """
            http: { port: 0 }
            management: { port: 0 }
            """;

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @Test
    void isNotReadyUntilItsOperatorSaysSo() throws Exception {
        try (GatewayData data = new GatewayData(directory)) {
            data.accept(data.create("main.fleet.telemetry"), 1, 1, Instant.now().plus(Duration.ofDays(2)));
        }
        Gateway closed = start("");
        try {
            assertEquals(503, insert(closed));
            HttpResponse<String> ready = ready(closed);
            assertEquals(503, ready.statusCode());
            assertTrue(ready.body().contains("clock not set"), ready.body());
            assertTrue(ready.body().contains("clock.ignore-entries-after"), ready.body());
        } finally {
            closed.stop();
        }
        // The row was committed meanwhile, so the log may have let it go; what the first start recovered is still
        // there.
        Gateway open = start("clock: { ignore-entries-after: '" + Instant.now().plus(Duration.ofDays(1)) + "' }\n");
        try {
            assertEquals(401, insert(open));
            assertEquals(200, ready(open).statusCode());
        } finally {
            open.stop();
        }
    }

    private Gateway start(String more) throws Exception {
        Path file = Files.writeString(directory.resolve("headgate.yaml"), SETTINGS + more);
        return Gateway.start(GatewayConfig.load(file), failure -> {});
    }

    private int insert(Gateway gateway) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.httpPort()
                                        + "/zerobus/v1/tables/main.fleet.telemetry/insert"))
                                .POST(HttpRequest.BodyPublishers.ofString("[]"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private HttpResponse<String> ready(Gateway gateway) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.managementPort() + "/health/ready"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
