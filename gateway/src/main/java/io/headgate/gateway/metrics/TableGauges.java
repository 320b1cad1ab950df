package io.headgate.gateway.metrics;

import io.headgate.batching.TableStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What each table has acked and not committed, and whether it commits at all; looked up once per scrape. */
final class TableGauges {
    private static final double NANOS_PER_SECOND = 1e9;

    /** All tables of one label together. */
    private record Sum(long rows, long bytes, long parkedBytes, long oldestNanos, boolean halted, boolean retrying) {
        static Sum of(TableStatus table) {
            return new Sum(
                    table.pendingRows(),
                    table.pendingBytes(),
                    table.parkedBytes(),
                    table.oldestPendingNanos(),
                    table.state() == TableStatus.State.HALTED,
                    table.state() != TableStatus.State.OPEN);
        }

        Sum plus(Sum other) {
            return new Sum(
                    rows + other.rows,
                    bytes + other.bytes,
                    parkedBytes + other.parkedBytes,
                    Math.max(oldestNanos, other.oldestNanos),
                    halted || other.halted,
                    retrying || other.retrying);
        }
    }

    private final TableLabels labels;
    private final MultiGauge pendingRows;
    private final MultiGauge pendingBytes;
    private final MultiGauge parkedBytes;
    private final MultiGauge oldestSeconds;
    private final MultiGauge halted;
    private final MultiGauge retrying;
    private volatile double oldestOfAllSeconds;
    private volatile @Nullable Supplier<List<TableStatus>> tables;

    TableGauges(MeterRegistry registry, TableLabels labels) {
        this.labels = labels;
        this.pendingRows = gauge(registry, "headgate.pending.rows", "rows", "Rows acked and not yet committed");
        this.pendingBytes =
                gauge(registry, "headgate.pending.bytes", null, "Bytes of rows acked and not yet committed");
        this.parkedBytes = gauge(
                registry,
                "headgate.pending.parked.bytes",
                null,
                "Bytes of those that were parked, so that the log goes on");
        this.oldestSeconds =
                gauge(registry, "headgate.pending.oldest", "seconds", "Age of the oldest row not yet committed");
        this.halted =
                gauge(registry, "headgate.table.halted", null, "1 if the table takes no rows until somebody acts");
        this.retrying =
                gauge(registry, "headgate.table.retrying", null, "1 if the last attempt to commit to the table failed");
        Gauge.builder("headgate.log.oldest.uncommitted", () -> oldestOfAllSeconds)
                .description("Age of the oldest row of any table not yet committed")
                .baseUnit("seconds")
                .register(registry);
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, @Nullable String unit, String description) {
        return MultiGauge.builder(name).description(description).baseUnit(unit).register(registry);
    }

    void watch(Supplier<List<TableStatus>> watched) {
        tables = watched;
    }

    /** Brings the gauges up to date. */
    void update() {
        Supplier<List<TableStatus>> watched = tables;
        if (watched == null) {
            return;
        }
        Map<String, Sum> sums = new TreeMap<>();
        watched.get().forEach(table -> sums.merge(labels.of(table.table()), Sum.of(table), Sum::plus));
        register(pendingRows, sums, sum -> sum.rows);
        register(pendingBytes, sums, sum -> sum.bytes);
        register(parkedBytes, sums, sum -> sum.parkedBytes);
        register(oldestSeconds, sums, sum -> sum.oldestNanos / NANOS_PER_SECOND);
        register(halted, sums, sum -> sum.halted ? 1 : 0);
        register(retrying, sums, sum -> sum.retrying ? 1 : 0);
        oldestOfAllSeconds =
                sums.values().stream().mapToLong(Sum::oldestNanos).max().orElse(0) / NANOS_PER_SECOND;
    }

    private static void register(MultiGauge gauge, Map<String, Sum> sums, ToDoubleFunction<Sum> value) {
        gauge.register(
                sums.entrySet().stream()
                        .<MultiGauge.Row<?>>map(entry -> MultiGauge.Row.of(
                                Tags.of("table", entry.getKey()), value.applyAsDouble(entry.getValue())))
                        .toList(),
                true);
    }
}
