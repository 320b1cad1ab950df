package io.headgate.gateway.metrics;

import io.headgate.batching.StreamMetrics;
import io.headgate.model.TableName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** The way from the log into the tables. */
final class StreamMeters implements StreamMetrics {
    /** The counters of one label. */
    private record TableCounters(Counter rows, Counter failures) {}

    private final MeterRegistry registry;
    private final TableLabels labels;
    private final ConcurrentMap<String, TableCounters> byLabel = new ConcurrentHashMap<>();
    private final Timer latency;
    private final Timer lag;

    StreamMeters(MeterRegistry registry, TableLabels labels) {
        this.registry = registry;
        this.labels = labels;
        this.latency = Timer.builder("headgate.commit.latency")
                .description("One commit, from reading the log to durable in the table")
                .serviceLevelObjectives(Buckets.LAG)
                .register(registry);
        this.lag = Timer.builder("headgate.commit.lag")
                .description("How long a commit's oldest row had waited since its ack")
                .serviceLevelObjectives(Buckets.LAG)
                .register(registry);
    }

    @Override
    public void committed(TableName table, long rows, long nanos, long oldestRowNanos) {
        counters(table).rows.increment((double) rows);
        latency.record(nanos, TimeUnit.NANOSECONDS);
        if (oldestRowNanos > 0) {
            lag.record(oldestRowNanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void commitFailed(TableName table) {
        counters(table).failures.increment();
    }

    private TableCounters counters(TableName table) {
        return byLabel.computeIfAbsent(labels.of(table), this::register);
    }

    private TableCounters register(String label) {
        return new TableCounters(
                Counter.builder("headgate.commit.rows")
                        .description("Rows committed to tables")
                        .tag("table", label)
                        .register(registry),
                Counter.builder("headgate.commit.failures")
                        .description("Attempts to commit that failed and were or will be repeated")
                        .tag("table", label)
                        .register(registry));
    }
}
