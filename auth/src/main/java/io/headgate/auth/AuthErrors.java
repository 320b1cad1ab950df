package io.headgate.auth;

import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.headgate.model.TableName;
import java.time.Instant;

/** What callers are told about their credentials. Never quotes a token. */
final class AuthErrors {
    private static final String GET_ONE =
            " Get a token from POST /oidc/v1/token, or from the operator (headgate token create).";

    private AuthErrors() {}

    static Refusal missing() {
        return unauthenticated(
                "The request has no Authorization header: send 'Authorization: Bearer <token>'." + GET_ONE);
    }

    static Refusal notBearer() {
        return unauthenticated(
                "The Authorization header is not of the form 'Bearer <token>': no other scheme is accepted here."
                        + GET_ONE);
    }

    static Refusal malformed() {
        return unauthenticated(
                "Malformed token: what follows 'Bearer ' is not a signed JWT in compact form. Check that it"
                        + " was copied whole." + GET_ONE);
    }

    static Refusal wrongAlgorithm(String algorithm) {
        return unauthenticated(
                "Invalid token: it is signed with '" + Excerpt.of(algorithm) + "', only ES256 is accepted." + GET_ONE);
    }

    static Refusal unknownKey() {
        return unauthenticated(
                "Invalid token: it names a key that this gateway does not know; it was issued elsewhere or the key was"
                        + " replaced." + GET_ONE);
    }

    static Refusal wrongSignature() {
        return unauthenticated("Invalid token: its signature is wrong." + GET_ONE);
    }

    static Refusal wrongIssuer(String expected) {
        return unauthenticated(
                "Invalid token issuer: this gateway accepts tokens of '" + expected + "' only." + GET_ONE);
    }

    static Refusal wrongAudience(String expected) {
        return unauthenticated(
                "Invalid token audience: this gateway accepts tokens for '" + expected + "' only." + GET_ONE);
    }

    static Refusal missingClaim(String claim) {
        return unauthenticated(
                "Invalid token: its claim '" + claim + "' is missing or not of the right type." + GET_ONE);
    }

    static Refusal expired(Instant expiresAt) {
        return unauthenticated("The token expired at " + expiresAt + "." + GET_ONE);
    }

    static Refusal notYetValid(Instant notBefore) {
        return unauthenticated("The token is not valid before " + notBefore
                + ". Wait until then, or have the clocks of issuer and gateway checked.");
    }

    static Refusal missingModify(Principal principal, TableName table) {
        return Refusal.of(
                Refusal.Code.PERMISSION_DENIED,
                "The token is missing the MODIFY privilege on table " + table
                        + ". Get one that has it from the operator: headgate token create --subject "
                        + Excerpt.of(principal.subject()) + " --table " + table);
    }

    private static Refusal unauthenticated(String message) {
        return Refusal.of(Refusal.Code.UNAUTHENTICATED, message);
    }
}
