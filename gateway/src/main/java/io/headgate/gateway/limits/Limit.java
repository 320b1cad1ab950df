package io.headgate.gateway.limits;

import org.jspecify.annotations.Nullable;

/**
 * One bound on requests and one on bytes, either of which may be missing, with the names that clients see.
 *
 * @param name what it bounds: a subject, a table, all
 */
record Limit(String name, @Nullable Gcra requests, @Nullable Gcra bytes) {
    static Limit of(String name, Rates rates) {
        return new Limit(
                name,
                rates.requests().map(Gcra::new).orElse(null),
                rates.bytes().map(Gcra::new).orElse(null));
    }

    /** Whether a request would have to wait, by the TATs of what it counts against. */
    long waitNanos(long requestTat, long byteTat, long now) {
        long forRequest = requests == null ? 0 : requests.waitNanos(requestTat, now);
        long forBytes = bytes == null ? 0 : bytes.waitNanos(byteTat, now);
        return Math.max(forRequest, forBytes);
    }
}
