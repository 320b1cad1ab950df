package io.headgate.gateway.http;

import io.headgate.gateway.limits.ReturnTimes;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The server that operators talk to, with an event loop of its own, so that health answers while the ingest server is
 * busy.
 */
public final class ManagementServer {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence YAML = HttpHeaders.createOptimized("application/yaml");
    private static final CharSequence CSS = HttpHeaders.createOptimized("text/css; charset=utf-8");
    private static final CharSequence JAVASCRIPT = HttpHeaders.createOptimized("text/javascript; charset=utf-8");
    private static final CharSequence HTML = HttpHeaders.createOptimized("text/html; charset=utf-8");
    private static final CharSequence PROMETHEUS =
            HttpHeaders.createOptimized("text/plain; version=0.0.4; charset=utf-8");
    private static final Buffer LIVE = Buffer.buffer("{\"state\":\"LIVE\"}");
    private static final long DEADLINE_CHECK_MILLIS = 250;

    /** Operators and their tools are few; their connections come out of the file handles kept for everything else. */
    private static final ConnectionLimits LIMITS = new ConnectionLimits(64, 100, 10_000, 75_000, 2_000, 1 << 20, 1_000);

    private static final Duration RETRY_AFTER_MAX = Duration.ofMinutes(1);
    private static final int SERVICE_UNAVAILABLE = 503;

    private final String host;
    private final int port;
    private final List<ReadinessCheck> checks;
    private final Supplier<String> metrics;
    private final EdgeLoop edge = EdgeLoop.of(
            LIMITS,
            new RequestIds(new SecureRandom().nextLong()),
            System::nanoTime,
            HttpMetrics.NONE,
            new ReturnTimes(RETRY_AFTER_MAX, System::nanoTime, new SecureRandom()),
            AccessLog.NONE,
            () -> false);
    private final Vertx vertx;

    /**
     * Starts its thread, but does not listen yet.
     *
     * @param port the port, 0 for any free one
     * @param checks what {@code /health/ready} asks
     * @param metrics the metrics now, in Prometheus' text format
     */
    public ManagementServer(String host, int port, List<ReadinessCheck> checks, Supplier<String> metrics) {
        this.host = host;
        this.port = port;
        this.checks = List.copyOf(checks);
        this.metrics = metrics;
        Admission admission =
                new Admission(LIMITS, HttpMetrics.NONE, new RequestIds(new SecureRandom().nextLong()), () -> edge);
        this.vertx = EventLoops.start("management", 1, admission);
    }

    /** Listens. Completes with the port once connections are accepted, or fails if they cannot be. */
    public CompletableFuture<Integer> start() {
        Listener listener = new Listener();
        return vertx.deployVerticle(() -> listener, new DeploymentOptions())
                .map(deployed -> listener.port())
                .toCompletionStage()
                .toCompletableFuture();
    }

    /** Closes its connections and ends its thread. */
    public CompletableFuture<Void> close() {
        return vertx.close().toCompletionStage().toCompletableFuture();
    }

    /** One handler for each operation of the contract. */
    Router router() {
        return new Router()
                .get("/", new StaticFile("index.html", HTML))
                .get("/docs", new StaticFile("docs.html", HTML))
                .get("/docs/docs.js", new StaticFile("docs.js", JAVASCRIPT))
                .get("/docs/swagger-ui.css", new StaticFile("docs/swagger-ui.css", CSS))
                .get("/docs/swagger-ui-bundle.js", new StaticFile("docs/swagger-ui-bundle.js", JAVASCRIPT))
                .get("/health/live", exchange -> exchange.ok(JSON, LIVE))
                .get("/health/ready", this::ready)
                .get("/metrics", exchange -> exchange.ok(PROMETHEUS, Buffer.buffer(metrics.get())))
                .get("/openapi.yaml", new StaticFile("openapi.yaml", YAML));
    }

    private void ready(Exchange exchange) {
        ReadinessBody body = ReadinessBody.of(checks);
        int status = body.state() == Readiness.State.NOT_READY ? SERVICE_UNAVAILABLE : 200;
        exchange.end(status, JSON, body.json());
    }

    private final class Listener extends VerticleBase {
        private @Nullable HttpServer server;

        @Override
        public Future<?> start() {
            vertx.setPeriodic(DEADLINE_CHECK_MILLIS, timer -> edge.expire());
            Router router = router();
            HttpServer listening = vertx.createHttpServer(
                            new HttpServerOptions().setHost(host).setPort(port))
                    .invalidRequestHandler(http -> new Exchange(edge, http).refuseMalformed())
                    .requestHandler(http -> router.serve(new Exchange(edge, http)));
            server = listening;
            return listening.listen().recover(cause -> EventLoops.cannotListen(host, port, cause));
        }

        int port() {
            HttpServer listening = server;
            return listening == null ? -1 : listening.actualPort();
        }
    }
}
