package io.headgate.gateway.metrics;

import java.time.Duration;

/** Bounds of histogram buckets: few, as every one is a series, and dense where the promises are. */
final class Buckets {
    /** For acks and forces: 0.25 ms to 5 s. */
    static final Duration[] LATENCY = {
        Duration.ofNanos(250_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(40),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    /** For commits and how far they lag behind: 10 ms to 10 min. */
    static final Duration[] LAG = {
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(4),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Duration.ofMinutes(10)
    };

    private Buckets() {}
}
