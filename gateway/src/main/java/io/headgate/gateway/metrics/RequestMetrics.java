package io.headgate.gateway.metrics;

import io.headgate.gateway.http.HttpMetrics;
import io.headgate.model.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * What requests came to. Every answer counts under its status; one that refuses counts under its code too; one that
 * acknowledges rows is timed. So requests = the sum over statuses, and inserts answered 200 = acks timed + empty ones.
 * The usual answer touches counters that were made before.
 */
final class RequestMetrics implements HttpMetrics {
    private final MeterRegistry registry;
    private final Counter ok;
    private final ConcurrentMap<Integer, Counter> byStatus = new ConcurrentHashMap<>();
    private final ConcurrentMap<Refusal.Code, Counter> byCode = new ConcurrentHashMap<>();
    private final Counter body;
    private final Counter unanswered;
    private final Counter connectionsRefused;
    private final Timer ackLatency;
    private final Counter rows;
    private final Timer loopDelay;

    RequestMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.ok = statusCounter(200);
        Arrays.stream(Refusal.Code.values()).forEach(code -> byCode.put(code, refusalCounter(code)));
        this.body = Counter.builder("headgate.http.acked.body")
                .description("Bytes of the bodies of acknowledged inserts, as they were sent")
                .baseUnit("bytes")
                .register(registry);
        this.unanswered = Counter.builder("headgate.http.unanswered")
                .description("Requests whose client left before they were complete")
                .register(registry);
        this.connectionsRefused = Counter.builder("headgate.http.connections.refused")
                .description("Connections beyond http.max-connections, answered 503 or closed at once")
                .register(registry);
        this.ackLatency = Timer.builder("headgate.ack.latency")
                .description("From an insert's head to its 200, rows durable")
                .serviceLevelObjectives(Buckets.LATENCY)
                .register(registry);
        this.rows = Counter.builder("headgate.acked.rows")
                .description("Rows acknowledged")
                .register(registry);
        this.loopDelay = Timer.builder("headgate.event.loop.delay")
                .description("How late an event loop came to what was due, each measured every 10 ms")
                .serviceLevelObjectives(Buckets.LATENCY)
                .register(registry);
    }

    private Counter statusCounter(int status) {
        return Counter.builder("headgate.http.requests")
                .description("Requests answered, by status")
                .tag("status", Integer.toString(status))
                .register(registry);
    }

    private Counter refusalCounter(Refusal.Code code) {
        return Counter.builder("headgate.http.refusals")
                .description("Requests refused, by reason")
                .tag("code", code.name())
                .register(registry);
    }

    @Override
    public void answered(int status) {
        if (status == 200) {
            ok.increment();
        } else {
            byStatus.computeIfAbsent(status, this::statusCounter).increment();
        }
    }

    @Override
    public void refused(Refusal.Code code) {
        byCode.computeIfAbsent(code, this::refusalCounter).increment();
    }

    @Override
    public void acked(long nanos, int bodyBytes, int rowCount) {
        ackLatency.record(nanos, TimeUnit.NANOSECONDS);
        body.increment(bodyBytes);
        rows.increment(rowCount);
    }

    @Override
    public void connectionRefused() {
        connectionsRefused.increment();
    }

    @Override
    public void unanswered() {
        unanswered.increment();
    }

    @Override
    public void loopDelayed(long nanos) {
        loopDelay.record(nanos, TimeUnit.NANOSECONDS);
    }
}
