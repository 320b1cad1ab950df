package io.headgate.gateway.http;

/**
 * What a server bounds of its connections.
 *
 * @param maxConnections open at once, counted from the moment they are accepted
 * @param maxStreams requests under way at once on one HTTP/2 connection
 * @param headTimeoutMillis how long a request's head may take, from the connection or from its first byte
 * @param idleTimeoutMillis how long a connection may be without a request
 * @param lingerTimeoutMillis how long what a client still sends after its refusal is read and dropped, so that it can
 *     read why
 * @param lingerBytes how much of that is read
 * @param refusalsPerSecond requests that one event loop tells to come back later before it makes those wait that come
 *     sooner
 */
public record ConnectionLimits(
        int maxConnections,
        int maxStreams,
        int headTimeoutMillis,
        int idleTimeoutMillis,
        int lingerTimeoutMillis,
        long lingerBytes,
        int refusalsPerSecond) {
    /** @throws IllegalArgumentException if a limit admits nothing */
    public ConnectionLimits {
        if (maxConnections < 1
                || maxStreams < 1
                || headTimeoutMillis < 1
                || idleTimeoutMillis < 1
                || lingerTimeoutMillis < 1
                || lingerBytes < 1
                || refusalsPerSecond < 1) {
            throw new IllegalArgumentException("Every limit of a server's connections must be 1 or more");
        }
    }
}
