package io.headgate.gateway.metrics;

import io.headgate.batching.ByteBudget;
import io.headgate.batching.SharedStreams;
import io.headgate.batching.StreamLog;
import io.headgate.batching.StreamMetrics;
import io.headgate.gateway.http.HttpMetrics;
import io.headgate.wal.LogMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All of the gateway's metrics in one Prometheus registry. Any thread. */
public final class GatewayMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final TableLabels labels = new TableLabels();
    private final TableGauges tables = new TableGauges(registry, labels);
    private final HttpMetrics http = new RequestMetrics(registry);
    private final LogMetrics log = new LogMeters(registry);
    private final StreamMetrics streams = new StreamMeters(registry, labels);

    /** Makes the meters, the JVM's among them. */
    public GatewayMetrics() {
        collections.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    public HttpMetrics http() {
        return http;
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
    public void watchLog(StreamLog watched) {
        gauge("headgate.log.size", "bytes", "Bytes that the log takes on its disk", watched::sizeBytes);
        gauge("headgate.log.position", null, "One past the last durable position", watched::forcedPosition);
    }

    /** Shows what is pending for each table. */
    public void watchTables(SharedStreams watched) {
        tables.watch(watched::tables);
    }

    /** Shows the connections to the ingest port. */
    public void watchConnections(Supplier<Number> connections) {
        gauge("headgate.http.connections", null, "Connections open to the ingest port", connections);
    }

    private void gauge(String name, @Nullable String unit, String description, Supplier<Number> value) {
        Gauge.builder(name, value).baseUnit(unit).description(description).register(registry);
    }

    /** All metrics now, in Prometheus' text format. */
    public String scrape() {
        tables.update();
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
