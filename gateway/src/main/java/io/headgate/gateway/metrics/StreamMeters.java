package io.headgate.gateway.metrics;

import io.headgate.batching.StreamMetrics;
import io.headgate.model.TableName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The way from the log into the tables. */
final class StreamMeters implements StreamMetrics {
    /** The meters of one label. */
    private record TableMeters(
            Timer latency,
            Timer lag,
            Counter rows,
            Counter rejectedRows,
            Counter files,
            Counter fileBytes,
            Counter failures) {}

    private final MeterRegistry registry;
    private final TableLabels labels;
    private final ConcurrentMap<String, TableMeters> byLabel = new ConcurrentHashMap<>();

    StreamMeters(MeterRegistry registry, TableLabels labels) {
        this.registry = registry;
        this.labels = labels;
    }

    @Override
    public void committed(TableName table, long rows, long rejectedRows, long bytes, long nanos, long oldestRowNanos) {
        TableMeters meters = meters(table);
        meters.rows.increment((double) rows);
        meters.rejectedRows.increment((double) rejectedRows);
        meters.files.increment();
        meters.fileBytes.increment((double) bytes);
        meters.latency.record(nanos, TimeUnit.NANOSECONDS);
        if (oldestRowNanos > 0) {
            meters.lag.record(oldestRowNanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void commitFailed(TableName table) {
        meters(table).failures.increment();
    }

    private TableMeters meters(TableName table) {
        return byLabel.computeIfAbsent(labels.of(table), this::register);
    }

    private TableMeters register(String label) {
        return new TableMeters(
                timer("headgate.commit.latency", label, "One commit, from reading the log to durable in the table"),
                timer("headgate.commit.lag", label, "How long a commit's oldest row had waited since its ack"),
                counter("headgate.commit.rows", label, null, "Rows committed to tables"),
                counter(
                        "headgate.commit.rejected.rows",
                        label,
                        null,
                        "Rows put aside beside the table, which cannot take them any more"),
                counter("headgate.commit.files", label, null, "Data files committed to tables"),
                counter("headgate.commit.file", label, "bytes", "Bytes of data files committed to tables"),
                counter(
                        "headgate.commit.failures",
                        label,
                        null,
                        "Attempts to commit that failed and were or will be repeated"));
    }

    private Timer timer(String name, String label, String description) {
        return Timer.builder(name)
                .description(description)
                .tag("table", label)
                .serviceLevelObjectives(Buckets.LAG)
                .register(registry);
    }

    private Counter counter(String name, String label, @Nullable String unit, String description) {
        return Counter.builder(name)
                .description(description)
                .baseUnit(unit)
                .tag("table", label)
                .register(registry);
    }
}
