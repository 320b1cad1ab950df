package io.headgate.gateway.http;

import io.headgate.model.Refusal;

/**
 * Counts what requests came to. Every answer is {@link #answered}; one that refuses is {@link #refused} too, one that
 * acknowledges rows {@link #acked}. A request that gets no answer is {@link #unanswered} instead. Any thread.
 */
public interface HttpMetrics {
    /** Counts nothing. */
    HttpMetrics NONE = new HttpMetrics() {};

    /** A request was answered with {@code status}. */
    default void answered(int status) {}

    /** An answer was a refusal. */
    default void refused(Refusal.Code code) {}

    /** Rows were acknowledged {@code nanos} after the request's head, from a body of {@code bodyBytes}. */
    default void acked(long nanos, int bodyBytes, int rows) {}

    /** A connection beyond the limit was not let in. */
    default void connectionRefused() {}

    /** The client left before its request was complete. */
    default void unanswered() {}

    /** An event loop came {@code nanos} late to what was due: every request on it waited as long. */
    default void loopDelayed(long nanos) {}
}
