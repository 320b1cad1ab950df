package io.headgate.gateway.http;

/**
 * How the ingest server listens and what it bounds.
 *
 * @param host the address to listen on
 * @param port the port, 0 for any free one
 * @param requests bounds on each request
 * @param connections bounds on connections
 * @param eventLoops threads that serve requests, each with its own event loop
 * @param decodeThreads threads that decode bodies too large for an event loop
 */
public record HttpSettings(
        String host,
        int port,
        RequestLimits requests,
        ConnectionLimits connections,
        int eventLoops,
        int decodeThreads) {
    private static final int EVENT_LOOPS_MAX = 16;

    /** @throws IllegalArgumentException if there is no thread for something */
    public HttpSettings {
        if (eventLoops < 1 || decodeThreads < 1) {
            throw new IllegalArgumentException("The HTTP server needs 1 or more threads of each kind");
        }
    }

    /** Settings with the usual number of threads. */
    public static HttpSettings of(String host, int port, RequestLimits requests, ConnectionLimits connections) {
        int cores = Runtime.getRuntime().availableProcessors();
        return new HttpSettings(
                host, port, requests, connections, Math.min(cores, EVENT_LOOPS_MAX), Math.max(1, cores / 2));
    }
}
