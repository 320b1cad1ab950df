package io.headgate.gateway.http;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The server that devices talk to: HTTP/1.1 and HTTP/2 in cleartext, one listener per event loop on one port. Started
 * once, drained once, closed once.
 */
public final class IngestServer {
    private static final int CHUNK_BYTES_MAX = 64 << 10;
    private static final int STREAMS_PER_CONNECTION_MAX = 100;
    private static final long DEADLINE_CHECK_MILLIS = 250;

    private final HttpSettings settings;
    private final IngestServices services;
    private final Targets targets;
    private final Vertx vertx;
    private final ExecutorService decoders;
    private final SecureRandom random = new SecureRandom();
    private final List<HttpServer> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile boolean draining;

    /** Starts threads, but does not listen yet. */
    public IngestServer(HttpSettings settings, IngestServices services) {
        this.settings = settings;
        this.services = services;
        this.targets = new Targets(services.schemas(), services.streams(), services.decodeLimits());
        this.vertx = EventLoops.start("ingest", settings.eventLoops());
        this.decoders = Executors.newFixedThreadPool(settings.decodeThreads(), task -> {
            Thread thread = new Thread(task, "headgate-decode");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Listens. Completes with the port once connections are accepted, or fails if they cannot be. */
    public CompletableFuture<Integer> start() {
        return vertx.deployVerticle(Listener::new, new DeploymentOptions().setInstances(settings.eventLoops()))
                .map(deployed -> listeners.get(0).actualPort())
                .toCompletionStage()
                .toCompletableFuture();
    }

    /** Connections open now. Any thread. */
    public int connections() {
        return connections.get();
    }

    /**
     * Stops listening, answers the requests that are under way, tells their clients to reconnect elsewhere, and closes
     * every connection as soon as nothing is under way on it. Completes when all are closed, at the latest after {@code
     * atMost}.
     */
    public CompletableFuture<Void> drain(Duration atMost) {
        draining = true;
        return Future.all(listeners.stream()
                        .map(listener -> listener.shutdown(atMost.toMillis(), TimeUnit.MILLISECONDS))
                        .toList())
                .<Void>mapEmpty()
                .toCompletionStage()
                .toCompletableFuture();
    }

    /** Closes what is left and ends the threads. */
    public CompletableFuture<Void> close() {
        decoders.shutdown();
        return vertx.close().toCompletionStage().toCompletableFuture();
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setHost(settings.host())
                // Vert.x takes a negative port as "any free one, the same for all listeners".
                .setPort(settings.port() == 0 ? -1 : settings.port())
                .setIdleTimeout(settings.idleTimeoutMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxHeaderSize(settings.maxHeaderBytes())
                .setMaxChunkSize(CHUNK_BYTES_MAX)
                // We speak no WebSocket; this takes its handler out of every connection.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(STREAMS_PER_CONNECTION_MAX)
                        .setMaxHeaderListSize(settings.maxHeaderBytes()));
    }

    /** Serves the connections of one event loop. */
    private final class Listener extends VerticleBase {
        @Override
        public Future<?> start() {
            EdgeLoop edge = new EdgeLoop(
                    vertx,
                    new RequestIds(random.nextLong()),
                    services.nanoTime(),
                    services.metrics(),
                    services.accessLog(),
                    () -> draining);
            BodyDeadlines deadlines =
                    new BodyDeadlines(TimeUnit.MILLISECONDS.toNanos(settings.bodyTimeoutMillis()), services.nanoTime());
            vertx.setPeriodic(DEADLINE_CHECK_MILLIS, timer -> deadlines.expire());
            Router router = router(deadlines);
            HttpServer server = vertx.createHttpServer(options())
                    .connectionHandler(this::admit)
                    .invalidRequestHandler(http -> new Exchange(edge, http).refuseMalformed())
                    .requestHandler(http -> router.serve(new Exchange(edge, http)));
            listeners.add(server);
            return server.listen().recover(cause -> EventLoops.cannotListen(settings.host(), settings.port(), cause));
        }

        private Router router(BodyDeadlines deadlines) {
            Executor loop = task -> context.runOnContext(event -> task.run());
            return new Router()
                    .post(
                            IngestHandler.PATH_PREFIX,
                            IngestHandler.PATH_SUFFIX,
                            new IngestHandler(services, targets, settings.maxBodyBytes(), deadlines, decoders, loop));
        }

        private void admit(HttpConnection connection) {
            if (connections.incrementAndGet() > settings.maxConnections()) {
                connection.close();
            }
            connection.closeHandler(closed -> connections.decrementAndGet());
        }
    }
}
