package io.headgate.gateway.http;

/**
 * How the ingest server listens and what it bounds.
 *
 * @param host the address to listen on
 * @param port the port, 0 for any free one
 * @param maxBodyBytes the largest request body
 * @param maxHeaderBytes all headers of one request together
 * @param maxConnections open connections; further ones are closed at once
 * @param bodyTimeoutMillis how long a request's body may take to arrive
 * @param idleTimeoutMillis how long a connection may be silent
 * @param eventLoops threads that serve requests, each with its own event loop
 * @param decodeThreads threads that decode bodies too large for an event loop
 */
public record HttpSettings(
        String host,
        int port,
        int maxBodyBytes,
        int maxHeaderBytes,
        int maxConnections,
        int bodyTimeoutMillis,
        int idleTimeoutMillis,
        int eventLoops,
        int decodeThreads) {
    private static final int EVENT_LOOPS_MAX = 16;

    /** @throws IllegalArgumentException if a limit admits nothing */
    public HttpSettings {
        if (maxBodyBytes < 1
                || maxHeaderBytes < 1
                || maxConnections < 1
                || bodyTimeoutMillis < 1
                || idleTimeoutMillis < 1
                || eventLoops < 1
                || decodeThreads < 1) {
            throw new IllegalArgumentException("Every limit of the HTTP server must be 1 or more");
        }
    }

    /** Settings with the usual limits: 10 MiB bodies, 16 KiB headers, 30 s for a body, 75 s of silence. */
    public static HttpSettings of(String host, int port) {
        int cores = Runtime.getRuntime().availableProcessors();
        return new HttpSettings(
                host,
                port,
                10 << 20,
                16 << 10,
                16_384,
                30_000,
                75_000,
                Math.min(cores, EVENT_LOOPS_MAX),
                Math.max(1, cores / 2));
    }
}
