package io.headgate.gateway.http;

/**
 * What a server bounds of one request.
 *
 * @param maxBodyBytes the largest body, as it is sent
 * @param maxExpandedBytes the largest content of a body that is sent compressed
 * @param maxExpansionRatio how many times its own size a body may expand to, once that is more than 64 KiB
 * @param maxHeaderBytes all headers together
 * @param maxRequestLineBytes the request line: method, target and version
 * @param bodyTimeoutMillis how long a body may take, unless it keeps up {@code minBodyBytesPerSecond}
 * @param minBodyBytesPerSecond what a body that takes longer must bring on average in every such period
 */
public record RequestLimits(
        int maxBodyBytes,
        int maxExpandedBytes,
        int maxExpansionRatio,
        int maxHeaderBytes,
        int maxRequestLineBytes,
        int bodyTimeoutMillis,
        int minBodyBytesPerSecond) {
    /** So little is never more than a server has room for; small bodies of much the same compress without bounds. */
    private static final int ANY_RATIO_BYTES_MAX = 64 << 10;

    /** @throws IllegalArgumentException if a limit admits nothing */
    public RequestLimits {
        if (maxBodyBytes < 1
                || maxExpandedBytes < 1
                || maxExpansionRatio < 1
                || maxHeaderBytes < 1
                || maxRequestLineBytes < 1
                || bodyTimeoutMillis < 1
                || minBodyBytesPerSecond < 1) {
            throw new IllegalArgumentException("Every limit of a request must be 1 or more");
        }
    }

    /** What a body must bring in each {@link #bodyTimeoutMillis} to be given another. */
    int minBodyBytesPerTimeout() {
        return (int) Math.min(Integer.MAX_VALUE, (long) bodyTimeoutMillis * minBodyBytesPerSecond / 1_000);
    }

    /** What a body of {@code sentBytes} may expand to. */
    int expandedBytesMax(int sentBytes) {
        return (int) Math.min(maxExpandedBytes, Math.max(ANY_RATIO_BYTES_MAX, (long) sentBytes * maxExpansionRatio));
    }
}
