package io.headgate.auth;

import io.headgate.auth.TokenProblem.Code;
import io.headgate.model.Excerpt;

/**
 * What callers of the token endpoint are told. Begins with the words of the hosted service where these are known. Never
 * quotes a secret.
 */
final class TokenErrors {
    private static final String SEND =
            " Send client id and secret with HTTP Basic, or as client_id and client_secret in" + " the form.";

    private TokenErrors() {}

    static TokenProblem grantTypeMissing() {
        return invalidRequest("The parameter grant_type is missing: send grant_type=client_credentials in the form.");
    }

    static TokenProblem grantTypeUnsupported(String grantType) {
        return new TokenProblem(
                Code.UNSUPPORTED_GRANT_TYPE,
                "The grant type '" + Excerpt.of(grantType) + "' is not supported: only client_credentials is.");
    }

    static TokenProblem credentialsMissing() {
        return invalidClient("Client authentication failed: the request has no client credentials." + SEND);
    }

    static TokenProblem credentialsUnreadable(String what) {
        return invalidClient("Client authentication failed: " + what + "." + SEND);
    }

    /** The same for a client that is not known and a secret that is wrong. */
    static TokenProblem credentialsWrong() {
        return invalidClient(
                "Client authentication failed: no client has this id and this secret. Check both, or have the"
                        + " operator make new ones (headgate client create).");
    }

    static TokenProblem twoCredentials() {
        return invalidRequest(
                "The request has client credentials both in the Authorization header and in the form: send"
                        + " them in one place.");
    }

    static TokenProblem scopeNotAssigned(String scope, String clientId) {
        return new TokenProblem(
                Code.SCOPE_NOT_ASSIGNED,
                "Scopes '" + Excerpt.of(scope) + "' are not assigned to the client '" + clientId
                        + "': ask for all-apis, or leave scope out.");
    }

    static TokenProblem detailsMalformed(String what) {
        return new TokenProblem(
                Code.INVALID_AUTHORIZATION_DETAILS,
                "The parameter authorization_details " + what + ". It is a JSON array of objects such as {\"type\":"
                        + " \"unity_catalog_privileges\", \"object_type\": \"TABLE\", \"object_full_path\":"
                        + " \"main.fleet.telemetry\", \"privileges\": [\"SELECT\", \"MODIFY\"]}.");
    }

    static TokenProblem notAuthorized(String objectType, String path) {
        return new TokenProblem(
                Code.NOT_AUTHORIZED,
                "User is not authorized to the requested authorizations: this client does not hold the privileges or"
                        + " operations asked for on " + Excerpt.of(objectType) + " " + Excerpt.of(path)
                        + ". Have the operator add the table to the client's tables (auth.service-principals).");
    }

    static TokenProblem tokenTooLong(int chars, int charsMax) {
        return new TokenProblem(
                Code.INVALID_AUTHORIZATION_DETAILS,
                "A token for all of this would have " + chars + " characters or more, and one of more than " + charsMax
                        + " does not fit into a request's headers (http.max-header). Ask for fewer tables in"
                        + " authorization_details.");
    }

    private static TokenProblem invalidRequest(String description) {
        return new TokenProblem(Code.INVALID_REQUEST, description);
    }

    private static TokenProblem invalidClient(String description) {
        return new TokenProblem(Code.INVALID_CLIENT, description);
    }
}
