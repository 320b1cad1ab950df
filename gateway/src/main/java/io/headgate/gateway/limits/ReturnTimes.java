package io.headgate.gateway.limits;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * When those who are refused at once are to come back, so that they do not all come at once again. Each is given the next
 * free place in a queue that moves at half of the rate at which requests are accepted; the other half is for those who
 * were not refused. Places that nobody was given pass with time, so the queue is as long as the herd and then gone. (This
 * is {@link Gcra} backwards: instead of refusing whoever comes early it tells the time that is not too early.)
 *
 * <p>The rate is the highest of late: what is accepted in a second, forgotten by half each minute, so that it is known when
 * nothing is accepted. Beyond the longest time that anybody is told, where the queue tells nothing any more, the caller's
 * hash picks a second in the later half. Any thread.
 */
public final class ReturnTimes {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final double FORGOTTEN_SECONDS = 60;
    private static final double RATE_MIN = 10;

    private final long maxNanos;
    private final LongSupplier nanoTime;
    private final SipHash hash;
    private final LongAdder accepted = new LongAdder();
    private final AtomicLong queueEndNanos = new AtomicLong();
    private final long originNanos;
    private long lookedNanos;
    private long acceptedThen;
    private double ratePerSecond = RATE_MIN;

    /**
     * @param max the longest that anybody is told to wait, 1 s or more
     * @param nanoTime as {@link System#nanoTime()}
     * @param random makes the key by which callers are hashed
     */
    public ReturnTimes(Duration max, LongSupplier nanoTime, RandomGenerator random) {
        this.maxNanos = max.toNanos();
        this.nanoTime = nanoTime;
        this.hash = SipHash.keyedBy(random);
        this.originNanos = nanoTime.getAsLong();
    }

    /** A request was accepted. */
    public void accepted() {
        accepted.increment();
    }

    /**
     * When a refused caller is to come back, in seconds from now, 1 or more.
     *
     * @param who the caller, or anything that differs between callers
     * @param atLeastSeconds before that nobody need come
     */
    public int secondsFor(String who, int atLeastSeconds) {
        long now = nanoTime.getAsLong() - originNanos;
        long stepNanos = (long) (2 * SECOND_NANOS / rate(now));
        long place = queueEndNanos.updateAndGet(end -> Math.min(Math.max(end, now) + stepNanos, now + maxNanos));
        long aheadNanos = place - now;
        if (aheadNanos >= maxNanos) {
            aheadNanos = maxNanos - Long.remainderUnsigned(hash.of(who), maxNanos / 2);
        }
        return Math.max(1, atLeastSeconds) - 1 + (int) Gcra.seconds(aheadNanos);
    }

    private synchronized double rate(long now) {
        double seconds = (double) (now - lookedNanos) / SECOND_NANOS;
        if (seconds >= 1) {
            long count = accepted.sum();
            double lately = (count - acceptedThen) / seconds;
            double forgotten = ratePerSecond * Math.pow(0.5, seconds / FORGOTTEN_SECONDS);
            ratePerSecond = Math.max(RATE_MIN, Math.max(lately, forgotten));
            lookedNanos = now;
            acceptedThen = count;
        }
        return ratePerSecond;
    }
}
