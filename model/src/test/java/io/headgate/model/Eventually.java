package io.headgate.model;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition that other threads or processes bring about, within a bound. */
public final class Eventually {
    private static final Duration POLL = Duration.ofMillis(5);

    private Eventually() {}

    /** Returns once {@code condition} yields true; fails with {@code what} after {@code atMost}. */
    public static void holds(String what, Duration atMost, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
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
            LockSupport.parkNanos(POLL.toNanos());
        } while (System.nanoTime() - deadline < 0);
        throw new AssertionError("Not within " + atMost.toMillis() + " ms: " + what, last);
    }
}
