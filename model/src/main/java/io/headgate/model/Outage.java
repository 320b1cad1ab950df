package io.headgate.model;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A run of failures of one thing that is tried again and again, told of in few words: the first at once, then one a
 * minute with a count, and the end. Any thread.
 *
 * <pre>
 *   failed, failed, failed, ... failed, ... healed, failed
 *   told 1                      told n      told    told 1
 * </pre>
 */
public final class Outage {
    /** How often a failure that goes on is told of. */
    public static final Duration INTERVAL = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private long failures;
    private long toldFailures;
    private long sinceNanos;
    private long toldNanos;

    /** @param nanoTime as {@link System#nanoTime()} */
    public Outage(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * It failed once more.
     *
     * @return how many failures are to be told of now, this one included; 0 if it is not the time to tell
     */
    public synchronized long failed() {
        long now = nanoTime.getAsLong();
        if (failures++ == 0) {
            sinceNanos = now;
        } else if (now - toldNanos < INTERVAL.toNanos()) {
            return 0;
        }
        long untold = failures - toldFailures;
        toldNanos = now;
        toldFailures = failures;
        return untold;
    }

    /** Whether it failed when it was last tried. */
    public synchronized boolean lasts() {
        return failures > 0;
    }

    /** It works again, or never ceased to: tells how many times it failed, 0 if it did not, and begins anew. */
    public synchronized long healed() {
        long ended = failures;
        failures = 0;
        toldFailures = 0;
        return ended;
    }

    /** How long it has been failing. */
    public synchronized Duration age() {
        return failures == 0 ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - sinceNanos);
    }
}
