package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.headgate.model.Eventually;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same over HTTP/2 in cleartext, by upgrade and with prior knowledge. */
class Http2Test {
    private static final String RECORD = "{\"device_id\":\"pump-17\",\"temp\":21.5}";

    private Edge edge;
    private Vertx vertx;
    private HttpClient client;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        edge = new Edge(directory);
        edge.warmUp();
        vertx = Vertx.vertx();
        client = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setDefaultHost("127.0.0.1")
                .setDefaultPort(edge.port));
    }

    @AfterEach
    void stop() throws InterruptedException {
        edge.inFlightIsBackToZero();
        join(vertx.close());
        edge.stop();
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private HttpClientRequest request(String token) {
        HttpClientRequest request = join(client.request(HttpMethod.POST, Edge.INSERT));
        return request.putHeader("authorization", "Bearer " + token);
    }

    private int status(String token, String body) {
        return join(request(token).send(body)).statusCode();
    }

    @Test
    void byUpgradeFromHttp1() throws IOException, InterruptedException {
        java.net.http.HttpClient jdk = java.net.http.HttpClient.newBuilder()
                .version(java.net.http.HttpClient.Version.HTTP_2)
                .build();
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> response = jdk.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port + Edge.INSERT))
                            .header("Authorization", "Bearer " + edge.token())
                            .POST(HttpRequest.BodyPublishers.ofString(RECORD))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, response.statusCode());
            assertEquals("{}", response.body());
            assertEquals(java.net.http.HttpClient.Version.HTTP_2, response.version());
        }
        assertEquals(3, edge.log.entries().size());
    }

    @Test
    void withPriorKnowledge() {
        assertEquals(200, status(edge.token(), RECORD));
        assertEquals(400, status(edge.token(), "nonsense"));
        assertEquals(401, status("nonsense", RECORD));
        assertEquals(200, status(edge.token(), Edge.records(200_000)));
        assertEquals(2, edge.log.entries().size());
    }

    @Test
    void manyStreamsOfOneConnectionShareAForce() {
        edge.log.hold();
        List<Future<Integer>> answers = IntStream.range(0, Edge.MAX_STREAMS)
                .mapToObj(i -> request(edge.token()).send(RECORD).map(HttpClientResponse::statusCode))
                .toList();
        Eventually.holds("all wait", Edge.WITHIN, () -> edge.log.waiting() == Edge.MAX_STREAMS);
        edge.log.letGo();
        answers.forEach(answer -> assertEquals(200, join(answer)));
    }

    @Test
    void aBodyIsCutOffAtTheLimit() {
        HttpClientRequest request = request(edge.token()).setChunked(true);
        Future<HttpClientResponse> response = request.response();
        Buffer piece = Buffer.buffer("x".repeat(50_000));
        for (int i = 0; i < 20; i++) {
            request.write(piece);
        }
        assertEquals(413, join(response).statusCode());
        assertEquals(200, status(edge.token(), RECORD));
    }

    @Test
    void aRefusedStreamWithALongBodyIsStoppedAlone() {
        HttpClientRequest request = request("nonsense").setChunked(true);
        Future<HttpClientResponse> response = request.response();
        // On the client's own loop: once the response is over, Vert.x no longer lets its end be asked for.
        Future<Void> ended = response.compose(HttpClientResponse::end);
        Buffer piece = Buffer.buffer("x".repeat(30_000));
        request.write(piece);
        assertEquals(401, join(response).statusCode());
        request.write(piece);
        request.write(piece);
        assertFalse(ended.failed());
        assertEquals(200, status(edge.token(), RECORD));
    }

    @Test
    void aResetWithinTheBodyUndoesTheRequest() {
        HttpClientRequest request = request(edge.token()).setChunked(true);
        request.write("[" + RECORD);
        Eventually.holds("the body is held", Edge.WITHIN, () -> edge.inFlight.usedBytes() > 0);
        request.reset(8);
        Eventually.holds("it is missed", Edge.WITHIN, () -> edge.counts.unanswered.get() == 1);
        edge.inFlightIsBackToZero();
        assertEquals(200, status(edge.token(), RECORD));
        assertEquals(1, edge.log.entries().size());
    }

    @Test
    void aConnectionThatEndsWithinABodyUndoesTheRequest() {
        HttpClientRequest request = request(edge.token()).setChunked(true);
        request.write("[" + RECORD);
        Eventually.holds("the body is held", Edge.WITHIN, () -> edge.inFlight.usedBytes() > 0);
        join(request.connection().close());
        Eventually.holds("it is missed", Edge.WITHIN, () -> edge.counts.unanswered.get() == 1);
        edge.inFlightIsBackToZero();
        assertEquals(0, edge.log.entries().size());
    }
}
