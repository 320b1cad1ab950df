package io.headgate.model;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition that other threads or processes bring about, within a bound. */
public final class Eventually {
    private static final Duration POLL_MIN = Duration.ofMillis(5);
    private static final Duration POLL_MAX = Duration.ofMillis(50);

    /** A condition that takes CPU to look at must not take it from those who bring it about. */
    private static final int POLLS_OF_A_WAIT = 32;

    private Eventually() {}

    /** Returns once {@code condition} yields true; fails with {@code what} after {@code atMost}. */
    public static void holds(String what, Duration atMost, Callable<Boolean> condition) {
        long started = System.nanoTime();
        long deadline = started + atMost.toNanos();
        Throwable last = null;
        do {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (Exception | AssertionError e) {
                last = e;
            }
            long pause = (System.nanoTime() - started) / POLLS_OF_A_WAIT;
            LockSupport.parkNanos(Math.min(POLL_MAX.toNanos(), Math.max(POLL_MIN.toNanos(), pause)));
        } while (System.nanoTime() - deadline < 0);
        throw new AssertionError("Not within " + atMost.toMillis() + " ms: " + what, last);
    }
}
