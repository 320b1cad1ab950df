package io.headgate.gateway.metrics;

import io.headgate.auth.Authenticator;
import io.headgate.batching.ByteBudget;
import io.headgate.batching.IdempotencyWindow;
import io.headgate.batching.SharedStreams;
import io.headgate.batching.StreamMetrics;
import io.headgate.gateway.clock.ClockGuard;
import io.headgate.gateway.http.HttpMetrics;
import io.headgate.gateway.limits.RateLimits;
import io.headgate.gateway.logging.LineCounts;
import io.headgate.gateway.logging.LogOutput;
import io.headgate.schema.SchemaMetrics;
import io.headgate.wal.LocalLog;
import io.headgate.wal.LogMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * All of the gateway's metrics in one Prometheus registry; {@code docs/METRICS.md} lists them. What the parts count
 * themselves is asked of them at each scrape. Any thread.
 */
public final class GatewayMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = emptyRegistry();
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final TableLabels labels = new TableLabels();
    private final TableGauges tables = new TableGauges(registry, labels);
    private final AuditGauges audit = new AuditGauges(registry, labels);
    private final HttpMetrics http = new RequestMetrics(registry);
    private final SchemaMetrics schemas;
    private final LogMetrics log;
    private final StreamMetrics streams = new StreamMeters(registry, labels);

    /**
     * Makes the meters, the JVM's among them.
     *
     * @param nanoTime as {@link System#nanoTime()}
     */
    public GatewayMetrics(LongSupplier nanoTime) {
        schemas = new SchemaMeters(registry, nanoTime);
        log = new LogMeters(registry, nanoTime);
        collections.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        Gauge.builder("headgate.build.info", () -> 1)
                .description("What runs, in its labels")
                .tag("version", version())
                .tag("java", Runtime.version().toString())
                .register(registry);
    }

    private static PrometheusMeterRegistry emptyRegistry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        // Comes and goes with the collector and the JDK, and is about what runs beside the program.
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("jvm.gc.concurrent"));
        return registry;
    }

    private static String version() {
        return Optional.ofNullable(GatewayMetrics.class.getPackage().getImplementationVersion())
                .orElse("unpackaged");
    }

    public HttpMetrics http() {
        return http;
    }

    public SchemaMetrics schemas() {
        return schemas;
    }

    public LogMetrics log() {
        return log;
    }

    public StreamMetrics streams() {
        return streams;
    }

    /** Shows how much of the in-flight budget is used. */
    public void watchInFlight(ByteBudget budget) {
        gauge("headgate.inflight", "bytes", "Bytes of bodies and rows of requests not yet answered", budget::usedBytes);
        gauge("headgate.inflight.limit", "bytes", "limits.in-flight-bytes", budget::maxBytes);
    }

    /** Shows what the log holds. */
    public void watchLog(LocalLog watched, long maxBytes, long parkedBytesMax) {
        gauge("headgate.log.size", "bytes", "Bytes that the log takes on its disk", watched::sizeBytes);
        gauge("headgate.log.limit", "bytes", "log.max-bytes", () -> maxBytes);
        gauge("headgate.log.parked", "bytes", "Bytes of entries set aside for tables in trouble", watched::parkedBytes);
        gauge("headgate.log.parked.limit", "bytes", "log.parked-bytes", () -> parkedBytesMax);
        gauge("headgate.log.key.files", "bytes", "Bytes of keys that outlive their segments", watched::keyBytes);
        gauge(
                "headgate.log.segments",
                null,
                "Segments with entries",
                () -> watched.state().segments());
        gauge(
                "headgate.log.spare.segments",
                null,
                "Segments prepared ahead of need",
                () -> watched.state().readySpares());
        gauge("headgate.log.position", null, "One past the last durable position", watched::forcedPosition);
    }

    /** Shows what is pending for each table. */
    public void watchTables(SharedStreams watched) {
        tables.watch(watched::tables);
        audit.watch(watched::audits);
        gauge(
                "headgate.fenced",
                null,
                "1 if another process commits under this log's name, so that this one accepts nothing",
                () -> watched.fencedBy().isEmpty() ? 0 : 1);
    }

    /** Shows how many requests are known by their keys, and for how long. */
    public void watchKeys(IdempotencyWindow watched) {
        gauge("headgate.idempotency.keys", null, "Accepted requests that are known by their keys", watched::keys);
        gauge("headgate.idempotency.keys.size", "bytes", "Memory that keys take beside the heap", watched::bytes);
        gauge(
                "headgate.idempotency.window",
                "seconds",
                "How long a key is known now; less than idempotency.window if there was no room for all",
                () -> watched.kept().toNanos() / 1e9);
        counter(
                "headgate.idempotency.replays",
                Tags.empty(),
                "Requests answered for an earlier one with the same key",
                watched,
                IdempotencyWindow::replays);
    }

    /** Shows the connections to the ingest port. */
    public void watchConnections(Supplier<Number> connections, int max) {
        gauge("headgate.http.connections", null, "Connections open to the ingest port", connections);
        gauge("headgate.http.connections.limit", null, "The most of them that there may be", () -> max);
    }

    /** Shows who was let in. */
    public void watchCallers(Authenticator watched) {
        String name = "headgate.auth.tokens";
        String description = "Requests by whether their token was accepted; without any counts as refused";
        counter(name, Tags.of("result", "accepted"), description, watched, Authenticator::acceptances);
        counter(name, Tags.of("result", "refused"), description, watched, Authenticator::refusals);
        counter(
                "headgate.auth.verifications",
                Tags.empty(),
                "Tokens verified in full, as none of the caches knew them",
                watched,
                Authenticator::verifications);
    }

    /** Shows how often subjects could not be told apart. */
    public void watchRates(RateLimits watched) {
        counter(
                "headgate.rates.shared",
                Tags.empty(),
                "Requests counted under what subjects beyond limits.rates.max-subjects share",
                watched,
                RateLimits::shared);
    }

    /** Shows whether the clock can be right. */
    public void watchClock(ClockGuard watched) {
        gauge(
                "headgate.clock.not.set",
                null,
                "1 if the clock cannot be right, so that every request is answered 503",
                () -> watched.problem().isPresent() ? 1 : 0);
    }

    /** Shows the steps of tables' upkeep that failed. */
    public void watchUpkeep(LongSupplier failures) {
        counter(
                "headgate.upkeep.failures",
                Tags.empty(),
                "Checksums and checkpoints of tables that could not be written",
                failures,
                LongSupplier::getAsLong);
    }

    /** Shows the lines of the log output that were not written. */
    public void watchOutput(LogOutput watched) {
        lines(watched.events(), "event");
        lines(watched.access(), "access");
    }

    private void lines(LineCounts counts, String kind) {
        Tags tags = Tags.of("kind", kind);
        counter(
                "headgate.logging.lines.dropped",
                tags,
                "Lines dropped, as they came faster than stderr takes them",
                counts,
                LineCounts::dropped);
        counter(
                "headgate.logging.lines.left.out",
                tags,
                "Lines counted instead of written, as they repeat others",
                counts,
                LineCounts::leftOut);
    }

    private void gauge(String name, @Nullable String unit, String description, Supplier<Number> value) {
        Gauge.builder(name, value).baseUnit(unit).description(description).register(registry);
    }

    private <T> void counter(String name, Tags tags, String description, T of, ToDoubleFunction<T> count) {
        FunctionCounter.builder(name, of, count)
                .tags(tags)
                .description(description)
                .register(registry);
    }

    /** All metrics now, in Prometheus' text format. */
    public String scrape() {
        tables.update();
        audit.update();
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
