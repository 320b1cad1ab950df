package io.headgate.wal;

import java.time.Duration;

/**
 * For how long a log remembers the keys of requests whose segments are gone.
 *
 * @param window how long after its receipt a key is remembered; zero if none is beyond its segment
 * @param maxBytes most bytes that key files take on the disk beside all else, 8 KiB or more; beyond it the oldest keys go
 */
public record KeyRetention(Duration window, long maxBytes) {
    private static final long BYTES_MIN = 8 * 1024;

    /** Keys are in the segments alone. */
    public static final KeyRetention NONE = new KeyRetention(Duration.ZERO, BYTES_MIN);

    /** @throws IllegalArgumentException if a limit is out of its range */
    public KeyRetention {
        if (window.isNegative()) {
            throw new IllegalArgumentException("idempotency.window is " + window + ": it must not be negative");
        }
        if (maxBytes < BYTES_MIN) {
            throw new IllegalArgumentException(
                    "Key files may take " + maxBytes + " bytes: it must be " + BYTES_MIN + " or more");
        }
    }

    /** Whether something of that time is too old to matter. */
    boolean isOver(long millis, long nowMillis) {
        return millis <= nowMillis - window.toMillis();
    }
}
