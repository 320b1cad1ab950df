package io.headgate.gateway.http;

import io.headgate.gateway.coding.Expander;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The server that devices talk to: HTTP/1.1 and HTTP/2 in cleartext, one listener per event loop on one port. Started
 * once, drained once, closed once.
 */
public final class IngestServer {
    private static final int CHUNK_BYTES_MAX = 64 << 10;
    private static final CharSequence KEYS_CACHED = HttpHeaders.createOptimized("public, max-age=300");
    private static final long DEADLINE_CHECK_MILLIS = 250;
    // Often enough to see whatever keeps a loop for longer than anybody should wait.
    private static final long DELAY_CHECK_MILLIS = 10;

    // An HTTP/2 client that cancels more often than this is taken for one that makes work and cancels it
    // (CVE-2023-44487).
    private static final int CANCELLED_STREAMS_MAX = 200;
    private static final int CANCELLED_STREAMS_SECONDS = 30;

    private final HttpSettings settings;
    private final IngestServices services;
    private final Targets targets;
    private final Vertx vertx;
    private final ExecutorService decoders;
    private final SecureRandom random = new SecureRandom();
    private final List<HttpServer> listeners = new CopyOnWriteArrayList<>();
    private final Map<Thread, EdgeLoop> loops = new ConcurrentHashMap<>();
    private final Admission admission;
    private volatile boolean draining;

    /** Starts threads, but does not listen yet. */
    public IngestServer(HttpSettings settings, IngestServices services) {
        this.settings = settings;
        this.services = services;
        this.targets = new Targets(services.schemas(), services.streams(), services.setColumns(), services.decoding());
        this.admission = new Admission(
                settings.connections(), services.metrics(), new RequestIds(random.nextLong()), this::loop);
        this.vertx = EventLoops.start("ingest", settings.eventLoops(), admission);
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
        return admission.open();
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

    /** What belongs to the event loop that calls. */
    private EdgeLoop loop() {
        return Objects.requireNonNull(loops.get(Thread.currentThread()));
    }

    /** One handler for each operation of the contract, for the event loop {@code loop}. All of them need the time. */
    Router router(Deadlines bodies, Expander expander, ReceiptAnswers answers, Executor loop) {
        return new Router()
                .post(
                        IngestHandler.PATH_PREFIX,
                        IngestHandler.PATH_SUFFIX,
                        inTime(new IngestHandler(
                                services, targets, settings.requests(), bodies, decoders, expander, answers, loop)))
                .get(ReceiptHandler.PATH_PREFIX, "", inTime(new ReceiptHandler(services, targets, answers, loop)))
                .get(IngestHandler.PATH_PREFIX, SchemaHandler.PATH_SUFFIX, inTime(new SchemaHandler(services, loop)))
                .post(TokenHandler.PATH, inTime(new TokenHandler(services.tokens(), bodies)))
                .get("/.well-known/jwks.json", inTime(this::publicKeys));
    }

    /** Before anything else, as a token that looks too old or too new is no fault of its bearer's then. */
    private Operation inTime(Operation operation) {
        return exchange -> {
            services.clockGuard().check();
            operation.serve(exchange);
        };
    }

    private void publicKeys(Exchange exchange) {
        exchange.http().response().putHeader(HttpHeaders.CACHE_CONTROL, KEYS_CACHED);
        exchange.ok(Buffer.buffer(services.publicKeys().get()));
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setHost(settings.host())
                // Vert.x takes a negative port as "any free one, the same for all listeners".
                .setPort(settings.port() == 0 ? -1 : settings.port())
                .setMaxInitialLineLength(settings.requests().maxRequestLineBytes())
                .setMaxHeaderSize(settings.requests().maxHeaderBytes())
                .setMaxChunkSize(CHUNK_BYTES_MAX)
                // We speak no WebSocket; this takes its handler out of every connection.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setHttp2RstFloodMaxRstFramePerWindow(CANCELLED_STREAMS_MAX)
                .setHttp2RstFloodWindowDuration(CANCELLED_STREAMS_SECONDS)
                .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
                .setInitialSettings(new Http2Settings()
                        .setPushEnabled(false)
                        .setMaxConcurrentStreams(settings.connections().maxStreams())
                        .setMaxHeaderListSize(settings.requests().maxHeaderBytes()));
    }

    /** Serves the connections of one event loop. */
    private final class Listener extends VerticleBase {
        private final Expander expander = new Expander();

        @Override
        public Future<?> start() {
            EdgeLoop edge = EdgeLoop.of(
                    settings.connections(),
                    new RequestIds(random.nextLong()),
                    services.nanoTime(),
                    services.metrics(),
                    services.returnTimes(),
                    services.accessLog(),
                    () -> draining);
            loops.put(Thread.currentThread(), edge);
            Deadlines bodies = new Deadlines(
                    TimeUnit.MILLISECONDS.toNanos(settings.requests().bodyTimeoutMillis()), services.nanoTime());
            Executor loop = task -> context.runOnContext(event -> task.run());
            ReceiptAnswers answers =
                    new ReceiptAnswers(services.streams(), services.receipts(), services.nanoTime(), loop);
            vertx.setPeriodic(DEADLINE_CHECK_MILLIS, timer -> {
                bodies.expire();
                edge.expire();
                answers.expire(draining);
            });
            LoopDelay delay = new LoopDelay(DELAY_CHECK_MILLIS, services.nanoTime(), services.metrics()::loopDelayed);
            vertx.setPeriodic(DELAY_CHECK_MILLIS, timer -> delay.tick());
            Router router = router(bodies, expander, answers, loop);
            HttpServer server = vertx.createHttpServer(options())
                    .invalidRequestHandler(http -> new Exchange(edge, http).refuseMalformed())
                    .requestHandler(http -> router.serve(new Exchange(edge, http)));
            listeners.add(server);
            return server.listen().recover(cause -> EventLoops.cannotListen(settings.host(), settings.port(), cause));
        }

        @Override
        public Future<?> stop() {
            expander.close();
            return Future.succeededFuture();
        }
    }
}
