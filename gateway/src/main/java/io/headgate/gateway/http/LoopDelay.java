package io.headgate.gateway.http;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** Measures how late an event loop is, by how late it comes to a timer. One thread. */
final class LoopDelay {
    private final long periodNanos;
    private final LongSupplier nanoTime;
    private final LongConsumer delays;
    private long lastNanos;

    /** @param delays told of the delay, in nanoseconds, at each tick */
    LoopDelay(long periodMillis, LongSupplier nanoTime, LongConsumer delays) {
        this.periodNanos = TimeUnit.MILLISECONDS.toNanos(periodMillis);
        this.nanoTime = nanoTime;
        this.delays = delays;
        this.lastNanos = nanoTime.getAsLong();
    }

    /** The timer's period is over. */
    void tick() {
        long now = nanoTime.getAsLong();
        delays.accept(Math.max(0, now - lastNanos - periodNanos));
        lastNanos = now;
    }
}
