package io.headgate.gateway.metrics;

import io.headgate.batching.TableAudit;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Where each table's rows are, counted twice; looked up once per scrape. */
final class AuditGauges {
    private final TableLabels labels;
    private final MultiGauge acked;
    private final MultiGauge recovered;
    private final MultiGauge committed;
    private final MultiGauge rejected;
    private final MultiGauge mismatch;
    private volatile @Nullable Supplier<List<TableAudit>> tables;

    AuditGauges(MeterRegistry registry, TableLabels labels) {
        this.labels = labels;
        acked = gauge(registry, "acked", "Rows answered 200 since the start, replays by key left out");
        recovered = gauge(registry, "recovered", "Rows found in the log at the start that the table did not have");
        committed = gauge(registry, "committed", "Rows that the table's own commits say they added");
        rejected = gauge(registry, "rejected", "Rows acked that the table could not take any more");
        mismatch = gauge(registry, "mismatch", "Rows that do not add up");
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder("headgate.audit." + name)
                .description(description)
                .baseUnit("rows")
                .register(registry);
    }

    void watch(Supplier<List<TableAudit>> watched) {
        tables = watched;
    }

    /** Brings the gauges up to date. */
    void update() {
        Supplier<List<TableAudit>> watched = tables;
        if (watched == null) {
            return;
        }
        Map<String, List<TableAudit>> byLabel = new TreeMap<>();
        for (TableAudit table : watched.get()) {
            byLabel.computeIfAbsent(labels.of(table.table()), label -> new ArrayList<>())
                    .add(table);
        }
        register(acked, byLabel, TableAudit::ackedRows);
        register(recovered, byLabel, TableAudit::recoveredRows);
        register(committed, byLabel, TableAudit::committedRows);
        register(rejected, byLabel, TableAudit::rejectedRows);
        register(mismatch, byLabel, TableAudit::mismatchRows);
    }

    private static void register(
            MultiGauge gauge, Map<String, List<TableAudit>> byLabel, ToLongFunction<TableAudit> value) {
        gauge.register(
                byLabel.entrySet().stream()
                        .<MultiGauge.Row<?>>map(entry -> MultiGauge.Row.of(Tags.of("table", entry.getKey()), (double)
                                entry.getValue().stream().mapToLong(value).sum()))
                        .toList(),
                true);
    }
}
