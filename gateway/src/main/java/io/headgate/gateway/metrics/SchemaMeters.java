package io.headgate.gateway.metrics;

import io.headgate.model.TableName;
import io.headgate.schema.SchemaMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/** The schema cache's work, counted; and where the catalog cannot tell, told of. */
final class SchemaMeters implements SchemaMetrics {
    /** Tables whose outages are told of one by one. */
    private static final int OUTAGES_MAX = 1_000;

    private final LongSupplier nanoTime;
    private final Counter hits;
    private final Counter loads;
    private final Counter failures;
    private final ConcurrentMap<TableName, OutageEvents> outages = new ConcurrentHashMap<>();

    SchemaMeters(MeterRegistry registry, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.hits = Counter.builder("headgate.schema.cache.hits")
                .description("Requests that found their table in the schema cache")
                .register(registry);
        this.loads = Counter.builder("headgate.schema.cache.loads")
                .description("Answers of the catalog about a table")
                .register(registry);
        this.failures = Counter.builder("headgate.schema.cache.load.failures")
                .description("Times that the catalog could not tell about a table")
                .register(registry);
    }

    @Override
    public void remembered() {
        hits.increment();
    }

    @Override
    public void loaded(TableName table) {
        loads.increment();
        OutageEvents outage = outages.remove(table);
        if (outage != null) {
            outage.healed();
        }
    }

    @Override
    public void loadFailed(TableName table, Throwable cause) {
        failures.increment();
        if (outages.size() < OUTAGES_MAX || outages.containsKey(table)) {
            outages.computeIfAbsent(
                            table,
                            name -> new OutageEvents("The catalog can tell about table " + name + " again", nanoTime))
                    .failed("The catalog cannot tell about table " + table + ": " + cause
                            + ". What is known of it is used for up to an hour; see to the catalog.");
        }
    }
}
