package io.headgate.gateway.http;

import io.headgate.model.TableName;
import org.jspecify.annotations.Nullable;

/**
 * A request that is over. Texts are as the client sent them, neither bounded nor escaped: that is for whoever writes
 * them down.
 *
 * @param requestId as the answer's {@code X-Request-Id}
 * @param remote the client's address and port; a proxy's, if one is in front
 * @param method as sent
 * @param path the raw path without its query, which may hold secrets
 * @param status the answer's, or {@link #CLIENT_LEFT}
 * @param errorCode the answer's {@code error_code}, if it has one
 * @param records how many records the body held, 0 if it was not decoded
 * @param bodyBytes how much of the body was received
 * @param durationNanos from the request's head to its answer
 * @param subject who called, once that was known
 * @param table which table was meant, once that was known
 * @param userAgent as sent
 */
public record Access(
        String requestId,
        String remote,
        String method,
        String path,
        int status,
        @Nullable String errorCode,
        int records,
        int bodyBytes,
        long durationNanos,
        @Nullable String subject,
        @Nullable TableName table,
        @Nullable String userAgent) {
    /** What stands for the status of a request whose client left before it was complete; nginx' number for it. */
    public static final int CLIENT_LEFT = 499;
}
