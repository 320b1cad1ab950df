package io.headgate.gateway.limits;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many requests are told to come back later before those who come back sooner are made to wait. A refusal costs half
 * of what a small request costs, since most of that is the socket; so clients that try again at once, all the time,
 * would take from the others what the refusal was to save. Up to a number a second is refused at once; from there
 * on each refusal has a place in a queue that moves at that rate, and until it is there nothing more is read from its
 * connection. Nobody is told to come back before a second has passed, and nobody waits longer, so whoever does as it was
 * told notices nothing. One thread: each event loop has its own.
 */
public final class RefusalPace {
    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

    private final Gcra limit;
    private final LongSupplier nanoTime;
    private final long originNanos;
    private long tat;

    /**
     * @param perSecond refusals after which nobody waits, 1 or more
     * @param nanoTime as {@link System#nanoTime()}
     */
    public RefusalPace(int perSecond, LongSupplier nanoTime) {
        this.limit = new Gcra(new Quota(perSecond, WINDOW));
        this.nanoTime = nanoTime;
        this.originNanos = nanoTime.getAsLong();
    }

    /** A request was refused: for how many nanoseconds nothing is to be read from its connection, 0 to 10<sup>9</sup>. */
    public long refused() {
        long now = nanoTime.getAsLong() - originNanos;
        long end = now + WINDOW.toNanos() + WAIT_NANOS_MAX;
        long waitNanos = Math.min(limit.waitNanos(tat, now), WAIT_NANOS_MAX);
        tat = Math.min(limit.after(tat, now, 1), end);
        return waitNanos;
    }
}
