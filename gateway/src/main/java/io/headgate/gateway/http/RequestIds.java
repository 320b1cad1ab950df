package io.headgate.gateway.http;

/**
 * Names requests, as {@code X-Request-Id} says: a random prefix per event loop and a number. Always ours, never the
 * caller's, so that two lines of a log with one id are about one request. One thread.
 */
final class RequestIds {
    private static final int RADIX = 36;

    private final String prefix;
    private long next;

    /** @param seed random; distinguishes event loops and processes */
    RequestIds(long seed) {
        this.prefix = Long.toUnsignedString(seed, RADIX) + "-";
    }

    String next() {
        return prefix.concat(Long.toString(next++, RADIX));
    }
}
