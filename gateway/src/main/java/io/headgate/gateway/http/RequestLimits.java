package io.headgate.gateway.http;

/**
 * What a server bounds of one request.
 *
 * @param maxBodyBytes the largest body
 * @param maxHeaderBytes all headers together
 * @param maxRequestLineBytes the request line: method, target and version
 * @param bodyTimeoutMillis how long a body may take, unless it keeps up {@code minBodyBytesPerSecond}
 * @param minBodyBytesPerSecond what a body that takes longer must bring on average in every such period
 */
public record RequestLimits(
        int maxBodyBytes,
        int maxHeaderBytes,
        int maxRequestLineBytes,
        int bodyTimeoutMillis,
        int minBodyBytesPerSecond) {
    /** @throws IllegalArgumentException if a limit admits nothing */
    public RequestLimits {
        if (maxBodyBytes < 1
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
}
