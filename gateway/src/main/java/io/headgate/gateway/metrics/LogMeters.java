package io.headgate.gateway.metrics;

import io.headgate.wal.LogMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log's work, counted; and what it cannot do, told of. Requests per force = the sum of
 * {@code headgate_log_group_appends} over its count.
 */
final class LogMeters implements LogMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(LogMeters.class);

    private record ChoreMeters(Counter retries, OutageEvents events) {}

    private final DistributionSummary appends;
    private final DistributionSummary groupBytes;
    private final Timer write;
    private final Timer force;
    private final Counter refused;
    private final ChoreMeters prepare;
    private final ChoreMeters delete;
    private final Counter keysLost;

    LogMeters(MeterRegistry registry, LongSupplier nanoTime) {
        this.appends = DistributionSummary.builder("headgate.log.group.appends")
                .description("Requests that shared one force")
                .serviceLevelObjectives(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
                .register(registry);
        this.groupBytes = DistributionSummary.builder("headgate.log.group")
                .description("Bytes written and forced at once, padding included")
                .baseUnit("bytes")
                .serviceLevelObjectives(512, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 16 << 20)
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
        this.prepare = new ChoreMeters(
                retries(registry, "prepare"), new OutageEvents("The log can prepare segments again", nanoTime));
        this.delete = new ChoreMeters(
                retries(registry, "delete"), new OutageEvents("The log can delete segments again", nanoTime));
        this.keysLost = Counter.builder("headgate.log.keys.lost")
                .description(
                        "Keys within their window that the next start will not know: key files are full or damaged")
                .register(registry);
    }

    private static Counter retries(MeterRegistry registry, String chore) {
        return Counter.builder("headgate.log.retries")
                .description("Attempts to prepare or delete a segment that could not be made, about one a second while"
                        + " something is in the way")
                .tag("chore", chore)
                .register(registry);
    }

    private ChoreMeters of(Chore chore) {
        return switch (chore) {
            case PREPARE -> prepare;
            case DELETE -> delete;
        };
    }

    @Override
    public void groupForced(int appendCount, int bytes, long writeNanos, long forceNanos) {
        appends.record(appendCount);
        groupBytes.record(bytes);
        write.record(writeNanos, TimeUnit.NANOSECONDS);
        force.record(forceNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void refused() {
        refused.increment();
    }

    @Override
    public void retrying(Chore chore, String why) {
        of(chore).retries.increment();
        of(chore).events.failed(why);
    }

    @Override
    public void keysLost(int keys, String why) {
        keysLost.increment(keys);
        LOG.warn(why); // once per segment or start at the most
    }

    @Override
    public void unhindered(Chore chore) {
        of(chore).events.healed();
    }
}
