package io.headgate.auth;

/**
 * Why no token was issued, in the terms of RFC 6749 (5.2) and RFC 9396 (5).
 *
 * @param code what kind of problem
 * @param description problem, cause and remedy, fit to be shown to the caller
 */
public record TokenProblem(Code code, String description) {
    /** The kinds of problem. */
    public enum Code {
        /** A parameter is missing, repeated, or contradicts another. */
        INVALID_REQUEST,
        /** There are no client credentials, or they are nobody's. */
        INVALID_CLIENT,
        /** Another grant type than client credentials. */
        UNSUPPORTED_GRANT_TYPE,
        /** A scope that clients do not have here. */
        SCOPE_NOT_ASSIGNED,
        /** {@code authorization_details} cannot be read, or ask for more than fits into one token. */
        INVALID_AUTHORIZATION_DETAILS,
        /** {@code authorization_details} ask for what the client does not hold; says nothing about what exists. */
        NOT_AUTHORIZED
    }

    /** This problem, ready to be thrown. */
    TokenRefusedException asException() {
        return new TokenRefusedException(this);
    }
}
