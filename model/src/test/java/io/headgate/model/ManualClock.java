package io.headgate.model;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands until a test moves it; wall time and nanoTime move together. */
public final class ManualClock implements InstantSource {
    private final Instant start;
    private final AtomicLong elapsedNanos = new AtomicLong();

    /** @param start the wall time it begins at */
    public ManualClock(Instant start) {
        this.start = start;
    }

    /** Moves both times on. */
    public void advance(Duration by) {
        elapsedNanos.addAndGet(by.toNanos());
    }

    @Override
    public Instant instant() {
        return start.plusNanos(elapsedNanos.get());
    }

    /** Stands in for {@link System#nanoTime()}. */
    public long nanoTime() {
        return elapsedNanos.get();
    }
}
