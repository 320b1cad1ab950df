package io.headgate.batching;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps what the commits of all tables cost, their rows apart, within a share of the CPU: if many tables are busy, each
 * is committed more rarely, with more rows at a time. A commit books beforehand what the table's last one cost, and
 * begins once what was booked before it is paid off at that share: the generic cell rate algorithm (ITU-T I.371), in CPU
 * time. What the share has over in {@link #BURST_NANOS} may be used at once, so that commits that fit do not wait for each other.
 * Any thread.
 */
public final class CommitPace {
    /** So long the share may be saved up. One commit pays for no more than that: the first ones of a cold JVM are dear. */
    static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final long maxDelayNanos;
    private final LongSupplier nanoTime;
    private final LongSupplier cpuNanos;
    private final double cores;
    private long paidOffNanos; // guarded by this

    /**
     * @param cores how many cores commits may keep busy, above 0; a part of one if below 1
     * @param maxDelay what a commit waits for its turn at the most, whatever commits cost then; 0 or more
     * @param nanoTime {@link System#nanoTime}, or a test's clock
     * @param cpuNanos CPU time that the calling thread has used, in nanoseconds since any moment
     */
    public CommitPace(double cores, Duration maxDelay, LongSupplier nanoTime, LongSupplier cpuNanos) {
        if (!(cores > 0)) {
            throw new IllegalArgumentException("Commits need a share of the CPU, not " + cores + " cores");
        }
        this.cores = cores;
        this.maxDelayNanos = maxDelay.toNanos();
        this.nanoTime = nanoTime;
        this.cpuNanos = cpuNanos;
        this.paidOffNanos = nanoTime.getAsLong();
    }

    /** Where commits cost nothing, and none waits. */
    public static CommitPace free() {
        return new CommitPace(1, Duration.ZERO, () -> 0, () -> 0);
    }

    /** CPU time that the calling thread has used, in nanoseconds since any moment. */
    long cpuNanos() {
        return cpuNanos.getAsLong();
    }

    /**
     * Books a commit, behind all that were booked before.
     *
     * @return when it may begin, as {@link System#nanoTime} tells it; now or later
     */
    synchronized long book(long costNanos) {
        long now = nanoTime.getAsLong();
        long begins = later(now, paidOffNanos - BURST_NANOS);
        paidOffNanos = earlier(later(now, paidOffNanos) + inTime(costNanos), now + maxDelayNanos + BURST_NANOS);
        return begins;
    }

    /**
     * What was booked as {@code bookedNanos} did cost {@code costNanos}. A surplus uses up what was saved, and makes nobody wait:
     * what must not wait itself, as at a start, is not booked.
     */
    synchronized void settle(long bookedNanos, long costNanos) {
        long now = nanoTime.getAsLong();
        long surplus = inTime(costNanos) - inTime(bookedNanos);
        long settled = later(now, paidOffNanos) + surplus;
        long saved = now + BURST_NANOS - settled;
        paidOffNanos = surplus > 0 && saved < 0 ? later(paidOffNanos, now + BURST_NANOS) : settled;
    }

    private long inTime(long costNanos) {
        return Math.min(BURST_NANOS, (long) (costNanos / cores));
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }
}
