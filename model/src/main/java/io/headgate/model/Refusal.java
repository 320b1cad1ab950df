package io.headgate.model;

import java.util.List;

/**
 * Why a request was not accepted, as a value: nothing of it happened. The gateway alone turns a refusal into a status.
 *
 * @param code what kind of refusal, and so whether a retry can help
 * @param message problem, cause and remedy in one or two sentences, fit to be shown to the caller
 * @param details one entry per problem found in the records; empty when the problem is not in a record
 * @param retryAfterSeconds when to come back, 0 if waiting does not help
 */
public record Refusal(Code code, String message, List<RecordProblem> details, int retryAfterSeconds) {
    /** The kinds of refusal. */
    public enum Code {
        /** The request itself is wrong: resend it corrected. */
        INVALID_PARAMETER,
        /** The path exists, the method does not. */
        METHOD_NOT_ALLOWED,
        /** The caller did not send the request in time. */
        REQUEST_TIMEOUT,
        /** The body, or the rows it turns into, exceed a limit. */
        TOO_LARGE,
        /** The request's path exceeds a limit. */
        URI_TOO_LONG,
        /** The body's media type or encoding is not one we read. */
        UNSUPPORTED_MEDIA_TYPE,
        /** The request's headers exceed a limit. */
        HEADERS_TOO_LARGE,
        /** An idempotency key was used again with another body. */
        KEY_REUSED,
        /** No valid credentials. */
        UNAUTHENTICATED,
        /** Valid credentials that do not allow this. */
        PERMISSION_DENIED,
        /** No such path or table. */
        NOT_FOUND,
        /** The table uses something we cannot write correctly: retrying does not help. */
        NOT_IMPLEMENTED,
        /** The caller sends more than its share: come back later. */
        RATE_LIMITED,
        /** We cannot take it now: come back later. */
        UNAVAILABLE,
        /** Our own fault. */
        INTERNAL
    }

    public Refusal {
        details = List.copyOf(details);
    }

    /** A refusal without details that waiting does not mend. */
    public static Refusal of(Code code, String message) {
        return new Refusal(code, message, List.of(), 0);
    }

    /** The request is wrong as a whole. */
    public static Refusal invalid(String message) {
        return of(Code.INVALID_PARAMETER, message);
    }

    /** We cannot take it now; {@code retryAfterSeconds} is 1 or more. */
    public static Refusal unavailable(String message, int retryAfterSeconds) {
        return new Refusal(Code.UNAVAILABLE, message, List.of(), retryAfterSeconds);
    }

    /** This refusal, ready to be thrown. */
    public RefusedException asException() {
        return new RefusedException(this);
    }
}
