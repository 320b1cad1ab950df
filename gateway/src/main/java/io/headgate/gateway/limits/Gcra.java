package io.headgate.gateway.limits;

/**
 * The generic cell rate algorithm in its form of virtual scheduling (ITU-T I.371, annex A): all that is kept of a caller
 * is the theoretical arrival time (TAT), the moment at which its quota will be whole again. What it uses moves the TAT
 * on by the time in which as much comes back; it may run ahead of now by the quota's window. A TAT in the past says as
 * much as none. Times are nanoseconds since one moment that is no later than any of them, at most 2<sup>61</sup>. Immutable.
 */
final class Gcra {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final double DEBT_NANOS_MAX = 1L << 61;

    private final Quota quota;
    private final double nanosPerUnit;
    private final long windowNanos;

    Gcra(Quota quota) {
        this.quota = quota;
        this.windowNanos = quota.window().toNanos();
        this.nanosPerUnit = (double) windowNanos / quota.units();
    }

    Quota quota() {
        return quota;
    }

    /** How far {@code units} move a TAT, rounded up. */
    long nanosFor(long units) {
        return (long) Math.min(DEBT_NANOS_MAX, Math.ceil(units * nanosPerUnit));
    }

    /** How long until there is a unit left: 0 if there is one now. */
    long waitNanos(long tat, long now) {
        return Math.max(0, Math.max(tat, now) - now + Math.min(nanosFor(1), windowNanos) - windowNanos);
    }

    /** The TAT after {@code units}, more than are left among them: who comes next waits for what they took too much. */
    long after(long tat, long now, long units) {
        return Math.min(Math.max(tat, now) + nanosFor(units), now + (long) DEBT_NANOS_MAX);
    }

    /** Units of the quota that are left, rounded down. */
    long left(long tat, long now) {
        return (long) Math.max(0, (windowNanos - Math.max(0, tat - now)) / nanosPerUnit);
    }

    /** What share of the quota is left, 0 to 1. */
    double shareLeft(long tat, long now) {
        return Math.max(0, 1 - (double) Math.max(0, tat - now) / windowNanos);
    }

    /** Seconds, rounded up. */
    static long seconds(long nanos) {
        return nanos / NANOS_PER_SECOND + (nanos % NANOS_PER_SECOND == 0 ? 0 : 1);
    }
}
