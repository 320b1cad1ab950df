package io.headgate.gateway.http;

import io.headgate.auth.TokenProblem;
import io.headgate.model.Refusal;

/**
 * What a refusal is on the wire at the paths of OAuth: RFC 6749 (5.2) with the statuses of the hosted service.
 *
 * @param status the HTTP status
 * @param error the {@code error} that clients go by
 * @param countedAs the refusal that it counts as
 */
record OAuthStatus(int status, String error, Refusal.Code countedAs) {
    /** Below this all answers are OAuth's. */
    static final String PATHS = "/oidc/";

    private static final String INVALID_DETAILS = "invalid_authorization_details";

    private static final OAuthStatus INVALID_REQUEST =
            new OAuthStatus(400, "invalid_request", Refusal.Code.INVALID_PARAMETER);
    private static final OAuthStatus INVALID_CLIENT =
            new OAuthStatus(401, "invalid_client", Refusal.Code.UNAUTHENTICATED);
    private static final OAuthStatus UNSUPPORTED_GRANT_TYPE =
            new OAuthStatus(400, "unsupported_grant_type", Refusal.Code.INVALID_PARAMETER);
    private static final OAuthStatus ACCESS_DENIED =
            new OAuthStatus(403, "access_denied", Refusal.Code.PERMISSION_DENIED);
    private static final OAuthStatus MALFORMED_DETAILS =
            new OAuthStatus(400, INVALID_DETAILS, Refusal.Code.INVALID_PARAMETER);
    private static final OAuthStatus NOT_AUTHORIZED =
            new OAuthStatus(401, INVALID_DETAILS, Refusal.Code.PERMISSION_DENIED);

    static OAuthStatus of(TokenProblem.Code code) {
        return switch (code) {
            case INVALID_REQUEST -> INVALID_REQUEST;
            case INVALID_CLIENT -> INVALID_CLIENT;
            case UNSUPPORTED_GRANT_TYPE -> UNSUPPORTED_GRANT_TYPE;
            case SCOPE_NOT_ASSIGNED -> ACCESS_DENIED;
            case INVALID_AUTHORIZATION_DETAILS -> MALFORMED_DETAILS;
            case NOT_AUTHORIZED -> NOT_AUTHORIZED;
        };
    }

    /** What goes wrong here goes wrong elsewhere too, and has the same status there. */
    static OAuthStatus of(Refusal.Code code) {
        String error = switch (code) {
            case INVALID_PARAMETER,
                    METHOD_NOT_ALLOWED,
                    REQUEST_TIMEOUT,
                    TOO_LARGE,
                    URI_TOO_LONG,
                    UNSUPPORTED_MEDIA_TYPE,
                    HEADERS_TOO_LARGE,
                    KEY_REUSED,
                    NOT_FOUND,
                    NOT_IMPLEMENTED -> INVALID_REQUEST.error;
            case UNAUTHENTICATED -> INVALID_CLIENT.error;
            case PERMISSION_DENIED -> ACCESS_DENIED.error;
            case RATE_LIMITED, UNAVAILABLE -> "temporarily_unavailable";
            case INTERNAL -> "server_error";
        };
        return new OAuthStatus(RefusalStatus.of(code).status(), error, code);
    }
}
