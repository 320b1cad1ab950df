package io.headgate.gateway.limits;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * So many units, again every {@code window}: the quota comes back steadily, not at the window's end, and up to all of it
 * may be used at once.
 *
 * @param units requests or bytes, 1 or more
 * @param window in which an unused quota comes back whole, 1 s or more in whole seconds
 */
public record Quota(long units, Duration window) {
    /** @throws IllegalArgumentException if it admits nothing, or its window is not whole seconds */
    public Quota {
        if (units < 1 || window.toSeconds() < 1 || !window.equals(window.truncatedTo(ChronoUnit.SECONDS))) {
            throw new IllegalArgumentException("A quota needs 1 or more units in 1 or more whole seconds");
        }
    }
}
