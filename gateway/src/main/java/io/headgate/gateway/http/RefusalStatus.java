package io.headgate.gateway.http;

import io.headgate.model.Refusal;

/**
 * What a refusal is on the wire: the one mapping from {@link Refusal.Code}.
 *
 * @param status the HTTP status
 * @param errorCode the {@code error_code} that clients go by
 */
record RefusalStatus(int status, String errorCode) {
    private static final String INVALID = "INVALID_PARAMETER_VALUE";

    private static final RefusalStatus BAD_REQUEST = new RefusalStatus(400, INVALID);
    private static final RefusalStatus METHOD_NOT_ALLOWED = new RefusalStatus(405, INVALID);
    private static final RefusalStatus REQUEST_TIMEOUT = new RefusalStatus(408, INVALID);
    private static final RefusalStatus CONTENT_TOO_LARGE = new RefusalStatus(413, INVALID);
    private static final RefusalStatus URI_TOO_LONG = new RefusalStatus(414, INVALID);
    private static final RefusalStatus UNSUPPORTED_MEDIA_TYPE = new RefusalStatus(415, INVALID);
    private static final RefusalStatus UNPROCESSABLE = new RefusalStatus(422, INVALID);
    private static final RefusalStatus HEADERS_TOO_LARGE = new RefusalStatus(431, INVALID);
    private static final RefusalStatus UNAUTHORIZED = new RefusalStatus(401, "UNAUTHENTICATED");
    private static final RefusalStatus FORBIDDEN = new RefusalStatus(403, "PERMISSION_DENIED");
    private static final RefusalStatus NOT_FOUND = new RefusalStatus(404, "NOT_FOUND");
    private static final RefusalStatus NOT_IMPLEMENTED = new RefusalStatus(501, "NOT_IMPLEMENTED");
    private static final RefusalStatus TOO_MANY_REQUESTS = new RefusalStatus(429, "RESOURCE_EXHAUSTED");
    private static final RefusalStatus UNAVAILABLE = new RefusalStatus(503, "TEMPORARILY_UNAVAILABLE");
    private static final RefusalStatus INTERNAL = new RefusalStatus(500, "INTERNAL_ERROR");

    static RefusalStatus of(Refusal.Code code) {
        return switch (code) {
            case INVALID_PARAMETER -> BAD_REQUEST;
            case METHOD_NOT_ALLOWED -> METHOD_NOT_ALLOWED;
            case REQUEST_TIMEOUT -> REQUEST_TIMEOUT;
            case TOO_LARGE -> CONTENT_TOO_LARGE;
            case URI_TOO_LONG -> URI_TOO_LONG;
            case UNSUPPORTED_MEDIA_TYPE -> UNSUPPORTED_MEDIA_TYPE;
            case HEADERS_TOO_LARGE -> HEADERS_TOO_LARGE;
            case KEY_REUSED -> UNPROCESSABLE;
            case UNAUTHENTICATED -> UNAUTHORIZED;
            case PERMISSION_DENIED -> FORBIDDEN;
            case NOT_FOUND -> NOT_FOUND;
            case NOT_IMPLEMENTED -> NOT_IMPLEMENTED;
            case RATE_LIMITED -> TOO_MANY_REQUESTS;
            case UNAVAILABLE -> UNAVAILABLE;
            case INTERNAL -> INTERNAL;
        };
    }
}
