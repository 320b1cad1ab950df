package io.headgate.gateway.metrics;

import io.headgate.wal.LogMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** The log's work. Requests per force = the sum of {@code headgate_log_group_appends} over its count. */
final class LogMeters implements LogMetrics {
    private final DistributionSummary appends;
    private final Counter writtenBytes;
    private final Timer write;
    private final Timer force;
    private final Counter refused;
    private final Counter retries;

    LogMeters(MeterRegistry registry) {
        this.appends = DistributionSummary.builder("headgate.log.group.appends")
                .description("Requests that shared one force")
                .serviceLevelObjectives(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
                .register(registry);
        this.writtenBytes = Counter.builder("headgate.log.written")
                .description("Bytes written to the log, padding included")
                .baseUnit("bytes")
                .register(registry);
        this.write = Timer.builder("headgate.log.write.latency")
                .description("One group's write")
                .serviceLevelObjectives(Buckets.LATENCY)
                .register(registry);
        this.force = Timer.builder("headgate.log.force.latency")
                .description("One group's force")
                .serviceLevelObjectives(Buckets.LATENCY)
                .register(registry);
        this.refused = Counter.builder("headgate.log.refused")
                .description("Appends refused because the log had no room")
                .register(registry);
        this.retries = Counter.builder("headgate.log.retries")
                .description("Segments that could not be prepared or deleted, to be tried again")
                .register(registry);
    }

    @Override
    public void groupForced(int appendCount, int bytes, long writeNanos, long forceNanos) {
        appends.record(appendCount);
        writtenBytes.increment(bytes);
        write.record(writeNanos, TimeUnit.NANOSECONDS);
        force.record(forceNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void refused() {
        refused.increment();
    }

    @Override
    public void retrying(String what, IOException cause) {
        retries.increment();
    }
}
