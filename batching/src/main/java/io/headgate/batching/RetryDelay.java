package io.headgate.batching;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Doubling pauses with jitter between half and the whole. Not thread-safe. */
final class RetryDelay {
    private final long minNanos;
    private final long maxNanos;
    private final RandomGenerator random;
    private long nextNanos;

    RetryDelay(Duration min, Duration max, RandomGenerator random) {
        this.minNanos = min.toNanos();
        this.maxNanos = max.toNanos();
        this.random = random;
        this.nextNanos = minNanos;
    }

    /** The pause to make now, in nanoseconds. */
    long next() {
        long delay = nextNanos / 2 + random.nextLong(nextNanos / 2 + 1);
        nextNanos = Math.min(maxNanos, nextNanos * 2);
        return delay;
    }

    void reset() {
        nextNanos = minNanos;
    }
}
