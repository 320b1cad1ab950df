package io.headgate.gateway;

import io.headgate.auth.Authenticator;
import io.headgate.auth.Issuer;
import io.headgate.auth.TokenEndpoint;
import io.headgate.batching.ByteBudget;
import io.headgate.batching.IdempotencyWindow;
import io.headgate.batching.RecoveredEntries;
import io.headgate.batching.SharedStreams;
import io.headgate.delta.DeltaTableWriter;
import io.headgate.delta.DirectoryCatalog;
import io.headgate.gateway.clock.BuildTime;
import io.headgate.gateway.clock.ClockGuard;
import io.headgate.gateway.clock.ClockRule;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.gateway.http.HttpSettings;
import io.headgate.gateway.http.IngestServer;
import io.headgate.gateway.http.IngestServices;
import io.headgate.gateway.http.ManagementServer;
import io.headgate.gateway.http.ReceiptSettings;
import io.headgate.gateway.http.SetColumnRules;
import io.headgate.gateway.limits.RateLimits;
import io.headgate.gateway.limits.ReturnTimes;
import io.headgate.gateway.logging.LogOutput;
import io.headgate.gateway.metrics.GatewayMetrics;
import io.headgate.schema.SchemaCache;
import io.headgate.wal.LocalDisk;
import io.headgate.wal.LocalLog;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.crypto.SecretKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole gateway in this process: recovers the log, follows it with commits, and serves devices and operators. The
 * parts are made and joined here and nowhere else.
 */
public final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final long KEYS_WATCHED_MILLIS = 500;
    private static final long CLOCK_WATCHED_MILLIS = 1_000;
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    private final GatewayConfig config;
    private final LocalLog log;
    private final SharedStreams streams;
    private final IngestServer ingest;
    private final ManagementServer management;
    private final Threads threads;
    private volatile boolean stopping;
    private int httpPort;
    private int managementPort;

    /**
     * Starts a gateway; returns once it takes requests.
     *
     * @param onFatal told once if the log can no longer keep its promise: end the process, without {@link #stop}
     * @throws java.net.BindException if a port is taken
     * @throws IOException if the log, the issuer's key or the tables cannot be opened, with what to do about it
     */
    public static Gateway start(GatewayConfig config, Consumer<Throwable> onFatal) throws IOException {
        Undo undo = new Undo();
        try {
            Gateway gateway = new Gateway(config, onFatal, undo);
            gateway.listen();
            return gateway;
        } catch (IOException | RuntimeException e) {
            undo.run();
            throw e;
        }
    }

    private Gateway(GatewayConfig config, Consumer<Throwable> onFatal, Undo undo) throws IOException {
        this.config = config;
        InstantSource clock = InstantSource.system();
        threads = undo.onFailure(new Threads(), Threads::close);
        CompletableFuture<Void> warm = CompletableFuture.runAsync(WarmUp::run, threads.catalog());
        GatewayMetrics metrics = undo.onFailure(new GatewayMetrics(System::nanoTime), GatewayMetrics::close);
        Issuer issuer = Issuer.openOrCreate(
                config.auth().issuer().keyFile(), config.auth().issuer().audience(), clock);
        threads.watch(new IssuerWatch(issuer), KEYS_WATCHED_MILLIS);
        SecretKey receiptKey = ReceiptKeyFile.loadOrCreate(config.receipts().keyFile());
        Authenticator authenticator = new Authenticator(issuer, Limits.authenticator(config), clock, System::nanoTime);

        DirectoryCatalog catalog = new DirectoryCatalog(config.catalog().path());
        ClockGuard clockGuard =
                new ClockGuard(new ClockRule(BuildTime.read(), config.clock().ignoreEntriesAfter()), clock);
        IdempotencyWindow keys = new IdempotencyWindow(
                config.idempotency().window(),
                config.idempotency().maxBytes(),
                System::nanoTime,
                clock,
                new SecureRandom());
        CommitPath path = undo.onFailure(
                CommitPath.open(
                        config,
                        catalog,
                        LocalDisk.at(config.log().path()),
                        metrics.log(),
                        metrics.streams(),
                        new RecoveredEntries(keys),
                        next -> new ReceiveTimes(next, clockGuard),
                        threads,
                        onFatal),
                opened -> opened.log().close());
        log = path.log();
        streams = path.streams();
        clockGuard.look();
        threads.watch(clockGuard::look, CLOCK_WATCHED_MILLIS);

        ByteBudget inFlight = new ByteBudget(config.limits().inFlightBytes());
        SchemaCache schemas = new SchemaCache(
                catalog, threads.catalog(), System::nanoTime, SchemaCache.Limits.DEFAULT, metrics.schemas());
        HttpSettings http = Limits.http(config);
        SecureRandom random = new SecureRandom();
        RateLimits rates = new RateLimits(Limits.rates(config), System::nanoTime, random);
        ingest = undo.onFailure(
                new IngestServer(
                        http,
                        new IngestServices(
                                authenticator,
                                new TokenEndpoint(
                                        issuer,
                                        config.auth().servicePrincipals(),
                                        config.auth().issuer().tokenTtl(),
                                        Limits.tokenChars(config)),
                                issuer::publicKeys,
                                schemas,
                                new SetColumnRules(Limits.setColumns(config)),
                                config.quarantine().table().orElse(null),
                                streams,
                                new ReceiptSettings(
                                        receiptKey,
                                        log.id(),
                                        Math.toIntExact(
                                                config.receipts().waitMax().toMillis()),
                                        threads.lookUps()),
                                inFlight,
                                rates,
                                new ReturnTimes(config.limits().retryAfterMax(), System::nanoTime, random),
                                Limits.decoding(config),
                                metrics.http(),
                                LogOutput.process().accessLog(config.logging().access()),
                                clock,
                                clockGuard,
                                System::nanoTime)),
                server -> server.close().join());
        Health health = new Health(log, streams, schemas, clockGuard, () -> stopping);
        management = undo.onFailure(
                new ManagementServer(
                        config.management().host(), config.management().port(), health.checks(), metrics::scrape),
                server -> server.close().join());
        metrics.watchInFlight(inFlight);
        metrics.watchLog(log, config.log().maxBytes(), config.log().parkedBytes());
        metrics.watchTables(streams);
        metrics.watchKeys(keys);
        metrics.watchConnections(ingest::connections, http.connections().maxConnections());
        metrics.watchCallers(authenticator);
        metrics.watchRates(rates);
        metrics.watchClock(clockGuard);
        metrics.watchUpkeep(path.writer()::upkeepFailures);
        metrics.watchOutput(LogOutput.process());
        warm.join();
    }

    private void listen() throws IOException {
        streams.start();
        // In this order: whoever is told that the gateway is ready may send at once.
        httpPort = await(ingest.start());
        managementPort = await(management.start());
        LOG.info(
                "Ready: devices on {}:{}, operators on {}:{}, log {} at position {}",
                config.http().host(),
                httpPort,
                config.management().host(),
                managementPort,
                log.id(),
                log.forcedPosition());
        threads.upkeep().execute(this::warmCommits);
    }

    private void warmCommits() {
        try {
            DeltaTableWriter.warmUp(Path.of(System.getProperty("java.io.tmpdir")));
        } catch (IOException | RuntimeException e) {
            LOG.warn("The warm-up failed; the first commit will take longer", e);
        }
    }

    private static int await(CompletableFuture<Integer> started) throws IOException {
        try {
            return started.get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("The server did not start within " + START_TIMEOUT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while starting", e);
        }
    }

    /** The port that devices call. */
    public int httpPort() {
        return httpPort;
    }

    /** The port that operators call. */
    public int managementPort() {
        return managementPort;
    }

    /**
     * Stops in order, within the configured bound: accepts no more requests, answers those under way, commits what is
     * pending, closes the log. What could not be committed stays in the log for the next start. Blocking; once.
     *
     * @return rows that stay in the log
     */
    public long stop() throws IOException, InterruptedException {
        stopping = true;
        long deadlineNanos = System.nanoTime() + config.drain().timeout().toNanos();
        // Half of the time at most for clients that are slow to finish; the other half is the commits'.
        ingest.drain(config.drain().timeout().dividedBy(2)).join();
        long left = streams.drain(Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime())));
        log.close();
        ingest.close().join();
        management.close().join();
        threads.close();
        LOG.info("Stopped; {} rows stay in the log for the next start", left);
        return left;
    }

    /** What to take back, last first, when a start fails half-way. */
    private static final class Undo {
        /** Takes one part back. */
        @FunctionalInterface
        interface Step<T> {
            void undo(T part) throws IOException;
        }

        private final Deque<Closeable> steps = new ArrayDeque<>();

        <T> T onFailure(T part, Step<T> step) {
            steps.push(() -> step.undo(part));
            return part;
        }

        void run() {
            for (Closeable step : steps) {
                try {
                    step.close();
                } catch (IOException | RuntimeException e) {
                    LOG.warn("While giving up the start", e);
                }
            }
        }
    }
}
