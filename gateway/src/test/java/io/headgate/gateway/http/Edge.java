package io.headgate.gateway.http;

import io.headgate.auth.Authenticator;
import io.headgate.auth.Issuer;
import io.headgate.auth.SaltedSecret;
import io.headgate.auth.ServicePrincipal;
import io.headgate.auth.TokenEndpoint;
import io.headgate.batching.ByteBudget;
import io.headgate.batching.CommitPace;
import io.headgate.batching.IdempotencyWindow;
import io.headgate.batching.RecoveredEntries;
import io.headgate.batching.SharedStreams;
import io.headgate.batching.StreamMetrics;
import io.headgate.batching.StreamSettings;
import io.headgate.batching.TableSettings;
import io.headgate.gateway.clock.ClockGuard;
import io.headgate.gateway.clock.ClockRule;
import io.headgate.gateway.coding.Coded;
import io.headgate.gateway.limits.RateLimits;
import io.headgate.gateway.limits.RateSettings;
import io.headgate.gateway.limits.ReturnTimes;
import io.headgate.model.Eventually;
import io.headgate.model.Refusal;
import io.headgate.model.TableName;
import io.headgate.schema.DecodeLimits;
import io.headgate.schema.SchemaCache;
import io.headgate.schema.SchemaMetrics;
import io.headgate.schema.SetColumn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A whole ingest server on a free port: everything is real but the disk, the tables and the catalog. */
final class Edge {
    static final int MAX_BODY_BYTES = 300_000;
    static final int MAX_EXPANDED_BYTES = 400_000;
    static final int MAX_EXPANSION_RATIO = 100;
    static final int MAX_HEADER_BYTES = 16 << 10;
    static final int MAX_REQUEST_LINE_BYTES = 4 << 10;
    static final int MAX_CONNECTIONS = 20;
    static final int MAX_STREAMS = 50;
    static final int MAX_RECORDS = 10_000;
    static final int MAX_NESTING = 10;
    static final long LINGER_BYTES = 2 << 20;
    static final int REFUSALS_PER_SECOND = 100;
    static final int EVENT_LOOPS = 2;
    static final Duration WITHIN = Duration.ofSeconds(10);
    static final String INSERT = "/zerobus/v1/tables/main.fleet.telemetry/insert";

    static final String CLIENT_ID = "fleet-a";
    static final String CLIENT_SECRET = "a secret that nobody guesses";
    static final int CLIENT_TABLES = 20;

    /** May write to the catalog's telemetry and to some more. */
    private static final ServicePrincipal CLIENT = new ServicePrincipal(
            CLIENT_ID,
            SaltedSecret.of(CLIENT_SECRET, new Random(1)),
            Stream.concat(
                            Stream.of(TestCatalog.TELEMETRY),
                            IntStream.range(1, CLIENT_TABLES).mapToObj(i -> new TableName("main", "fleet", "t_" + i)))
                    .collect(Collectors.toSet()));

    private static final SecretKey RECEIPT_KEY = new SecretKeySpec(new byte[16], "AES");
    static final int WAIT_MAX_MILLIS = 600_000;

    private static final long IN_FLIGHT_BYTES = 1_000_000;

    final HeldLog log = new HeldLog();
    final IdempotencyWindow keys = new IdempotencyWindow(
            Duration.ofMinutes(10), 1 << 20, System::nanoTime, InstantSource.system(), new Random(1));
    final TestCatalog catalog = new TestCatalog();
    final CountingTables tables = new CountingTables();
    final ByteBudget inFlight;
    final Counts counts = new Counts();
    private final AtomicLong aheadNanos = new AtomicLong();
    final Queue<Access> accesses = new ConcurrentLinkedQueue<>();
    volatile InstantSource clock = InstantSource.system();
    final ClockGuard clockGuard =
            new ClockGuard(new ClockRule(Optional.empty(), Optional.empty()), () -> clock.instant());
    final IngestServer server;
    final int port;
    private final ExecutorService background = Executors.newCachedThreadPool();
    private final SharedStreams streams;
    private final Issuer issuer;
    private final Authenticator authenticator;
    private final SchemaCache schemas;
    private final SetColumnRules setColumns;
    private final @Nullable TableName quarantine;
    private final HttpSettings settings;
    private final RateLimits rates;
    private final DecodeLimits decodeLimits;

    /** What became of requests. */
    static final class Counts implements HttpMetrics {
        final AtomicInteger answered = new AtomicInteger();
        final AtomicInteger refused = new AtomicInteger();
        final AtomicInteger acked = new AtomicInteger();
        final AtomicInteger unanswered = new AtomicInteger();
        final AtomicInteger refusedConnections = new AtomicInteger();

        @Override
        public void answered(int status) {
            answered.incrementAndGet();
        }

        @Override
        public void refused(Refusal.Code code) {
            refused.incrementAndGet();
        }

        @Override
        public void acked(long nanos, int bodyBytes, int rows) {
            acked.incrementAndGet();
        }

        @Override
        public void connectionRefused() {
            refusedConnections.incrementAndGet();
        }

        @Override
        public void unanswered() {
            unanswered.incrementAndGet();
        }
    }

    private final class Accesses implements AccessLog {
        @Override
        public boolean wants(int status) {
            return true;
        }

        @Override
        public void record(Access access) {
            accesses.add(access);
        }
    }

    /** Bounds on requests that few tests reach. */
    static RequestLimits requests(int bodyTimeoutMillis) {
        return new RequestLimits(
                MAX_BODY_BYTES,
                MAX_EXPANDED_BYTES,
                MAX_EXPANSION_RATIO,
                MAX_HEADER_BYTES,
                MAX_REQUEST_LINE_BYTES,
                bodyTimeoutMillis,
                16 << 10);
    }

    /** Bounds on connections that few tests reach. */
    static ConnectionLimits connections(int headTimeoutMillis, int idleTimeoutMillis) {
        return new ConnectionLimits(
                MAX_CONNECTIONS,
                MAX_STREAMS,
                headTimeoutMillis,
                idleTimeoutMillis,
                5_000,
                LINGER_BYTES,
                REFUSALS_PER_SECOND);
    }

    Edge(Path directory) throws IOException {
        this(directory, requests(30_000), connections(30_000, 60_000));
    }

    /** One that commits rows as soon as the tables let it. */
    static Edge committing(Path directory) throws IOException {
        return new Edge(
                directory,
                requests(30_000),
                connections(30_000, 60_000),
                Map.of(),
                RateSettings.NONE,
                Duration.ofMillis(10));
    }

    /** One that takes bodies as large as a gateway does by default. */
    static Edge large(Path directory) throws IOException {
        RequestLimits requests =
                new RequestLimits(10 << 20, 10 << 20, 200, MAX_HEADER_BYTES, MAX_REQUEST_LINE_BYTES, 30_000, 16 << 10);
        return new Edge(
                directory,
                requests,
                connections(30_000, 60_000),
                Map.of(),
                RateSettings.NONE,
                Duration.ofHours(1),
                256 << 20,
                1_000_000,
                null);
    }

    /** One that keeps rejected records in {@link TestCatalog#REJECTED}. */
    static Edge quarantining(Path directory) throws IOException {
        return new Edge(
                directory,
                requests(30_000),
                connections(30_000, 60_000),
                Map.of(),
                RateSettings.NONE,
                Duration.ofHours(1),
                IN_FLIGHT_BYTES,
                MAX_RECORDS,
                TestCatalog.REJECTED);
    }

    Edge(Path directory, RequestLimits requests, ConnectionLimits connections) throws IOException {
        this(directory, requests, connections, Map.of(), RateSettings.NONE, Duration.ofHours(1));
    }

    /** @param setColumns what the server writes into {@link TestCatalog#TELEMETRY} */
    Edge(Path directory, Map<String, SetColumn> setColumns) throws IOException {
        this(
                directory,
                requests(30_000),
                connections(30_000, 60_000),
                Map.of(TestCatalog.TELEMETRY, setColumns),
                RateSettings.NONE,
                Duration.ofHours(1));
    }

    Edge(Path directory, RateSettings rates) throws IOException {
        this(directory, requests(30_000), connections(30_000, 60_000), Map.of(), rates, Duration.ofHours(1));
    }

    private Edge(
            Path directory,
            RequestLimits requests,
            ConnectionLimits connections,
            Map<TableName, Map<String, SetColumn>> setColumns,
            RateSettings rateSettings,
            Duration commitInterval)
            throws IOException {
        this(
                directory,
                requests,
                connections,
                setColumns,
                rateSettings,
                commitInterval,
                IN_FLIGHT_BYTES,
                MAX_RECORDS,
                null);
    }

    private Edge(
            Path directory,
            RequestLimits requests,
            ConnectionLimits connections,
            Map<TableName, Map<String, SetColumn>> setColumns,
            RateSettings rateSettings,
            Duration commitInterval,
            long inFlightBytes,
            int maxRecords,
            @Nullable TableName quarantine)
            throws IOException {
        this.quarantine = quarantine;
        this.inFlight = new ByteBudget(inFlightBytes);
        this.decodeLimits = DecodeLimits.of(
                requests.maxExpandedBytes(), requests.maxBodyBytes() * 2, MAX_NESTING, maxRecords, maxRecords);
        this.setColumns = new SetColumnRules(setColumns);
        rates = new RateLimits(rateSettings, this::nanoTime, new Random(1));
        this.settings = new HttpSettings("127.0.0.1", 0, requests, connections, EVENT_LOOPS, 1);
        issuer = Issuer.openOrCreate(directory.resolve("issuer.jwk"), "headgate", InstantSource.system());
        streams = new SharedStreams(
                log,
                new RecoveredEntries(keys),
                tables,
                new StreamSettings(
                        new TableSettings(commitInterval, 1 << 30, 1 << 30),
                        Map.of(),
                        1 << 30,
                        1 << 30,
                        Duration.ZERO,
                        Duration.ofMillis(10),
                        Duration.ofSeconds(1)),
                StreamMetrics.NONE,
                CommitPace.free(),
                System::nanoTime,
                new Random(1),
                background,
                background);
        streams.start();
        authenticator =
                new Authenticator(issuer, Authenticator.Settings.defaults(), InstantSource.system(), System::nanoTime);
        schemas = new SchemaCache(catalog, background, this::nanoTime, SchemaCache.Limits.DEFAULT, SchemaMetrics.NONE);
        server = newServer(0);
        port = server.start().join();
    }

    /** Another server over the same parts. */
    IngestServer newServer(int onPort) {
        return new IngestServer(
                new HttpSettings(settings.host(), onPort, settings.requests(), settings.connections(), EVENT_LOOPS, 1),
                new IngestServices(
                        authenticator,
                        new TokenEndpoint(issuer, List.of(CLIENT), Duration.ofHours(1), MAX_HEADER_BYTES / 4 * 3),
                        issuer::publicKeys,
                        schemas,
                        setColumns,
                        quarantine,
                        streams,
                        receipts(),
                        inFlight,
                        rates,
                        new ReturnTimes(Duration.ofMinutes(1), this::nanoTime, new Random(1)),
                        new DecodeSettings(decodeLimits, Map.of()),
                        counts,
                        new Accesses(),
                        () -> clock.instant(),
                        clockGuard,
                        this::nanoTime));
    }

    private ReceiptSettings receipts() {
        return new ReceiptSettings(RECEIPT_KEY, log.id(), WAIT_MAX_MILLIS, background);
    }

    ReceiptAnswers answers() {
        return new ReceiptAnswers(streams, receipts(), this::nanoTime, Runnable::run);
    }

    private long nanoTime() {
        return System.nanoTime() + aheadNanos.get();
    }

    /** Lets time pass for all that the server bounds. */
    void advance(Duration time) {
        aheadNanos.addAndGet(time.toNanos());
    }

    /**
     * Waits until all that clients sent so far was read: one more connection per event loop is answered, and then once
     * more, which is in a later turn of the loop.
     */
    void settle() throws IOException {
        try (RawClient one = client();
                RawClient other = client()) {
            for (int i = 0; i < 2; i++) {
                one.send(insert("[]")).answer();
                other.send(insert("[]")).answer();
            }
        }
    }

    RawClient client() throws IOException {
        return new RawClient(port);
    }

    /** A token for every table of the catalog but the foreign one. */
    String token() {
        return tokenFor(TestCatalog.TELEMETRY, TestCatalog.UNSUPPORTED, TestCatalog.MISSING, TestCatalog.SLOW);
    }

    String tokenFor(TableName... writable) {
        return tokenOf("pump-17", writable);
    }

    String tokenOf(String subject, TableName... writable) {
        return issuer.mint(subject, List.of(writable), Duration.ofHours(1));
    }

    /** A token by which columns of every table hold its subject alone. */
    String tokenPinning(String... columns) {
        return issuer.mint(
                "pump-17",
                List.of(TestCatalog.TELEMETRY, TestCatalog.UNSUPPORTED),
                List.of(columns),
                Duration.ofHours(1));
    }

    /** The lines of an insert's head up to its own headers, which follow. */
    String head() {
        return head(INSERT);
    }

    String head(String path) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token() + "\r\n";
    }

    /** A whole insert. */
    String insert(String body) {
        return insert(INSERT, body);
    }

    String insert(String path, String body) {
        return head(path) + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** A whole insert with further headers, each ended by a line end. */
    byte[] insert(String headers, byte[] body) {
        return Coded.concat(
                (head() + headers + "Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII),
                body);
    }

    /** The same in chunks. */
    byte[] chunked(String headers, byte[] body, int chunkBytes) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(
                (head() + headers + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        for (int at = 0; at < body.length; at += chunkBytes) {
            int length = Math.min(chunkBytes, body.length - at);
            request.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            request.write(body, at, length);
            request.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        request.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return request.toByteArray();
    }

    /** One record, as often as it takes for the body to have at least {@code bytes}. */
    static String records(int bytes) {
        String record = "{\"device_id\":\"pump-17\",\"temp\":21.5},";
        String all = record.repeat(bytes / record.length() + 1);
        return "[" + all.substring(0, all.length() - 1) + "]";
    }

    /** So many records that differ as a fleet's do, each on a line. */
    static String readings(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"device_id\":\"pump-" + i * 7_919 % 1_000 + "\",\"temp\":" + i / 8.0 + "}")
                .collect(Collectors.joining("\n"));
    }

    /** The same as an array. */
    static String readingsArray(int count) {
        return "[" + readings(count).replace('\n', ',') + "]";
    }

    void warmUp() throws IOException {
        try (RawClient client = client()) {
            int status = client.send(insert("[]")).answer().status();
            if (status != 200) {
                throw new AssertionError("The first request was answered " + status);
            }
        }
    }

    void inFlightIsBackToZero() {
        Eventually.holds("nothing is in flight", WITHIN, () -> inFlight.usedBytes() == 0);
    }

    void stop() throws InterruptedException {
        catalog.letSlowGo();
        catalog.letGo();
        log.letGo();
        server.drain(Duration.ofSeconds(5)).join();
        server.close().join();
        streams.drain(Duration.ofSeconds(5));
        background.shutdown();
        if (!background.awaitTermination(5, TimeUnit.SECONDS)) {
            throw new AssertionError("Threads are left behind");
        }
    }
}
