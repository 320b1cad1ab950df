package io.headgate.auth;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives tokens to service principals: the client credentials grant of OAuth 2.0 (RFC 6749, 4.4), with what the token is
 * to allow in {@code authorization_details} (RFC 9396). In order: the grant type, who the client is, the scope, the
 * details. Knows nothing of HTTP but the Authorization header. Any thread; never blocks, but signs: some 0.2 ms of CPU.
 */
public final class TokenEndpoint {
    private static final String SCOPE = "all-apis";

    /** What an entry adds to a token at the least, so that one that is far too long need not be signed to be refused. */
    private static final int ENTRY_CHARS_MIN = 100;

    private final Issuer issuer;
    private final ServicePrincipals principals;
    private final Duration ttl;
    private final int tokenCharsMax;

    /**
     * @param principals who may have tokens, each with a client id of its own
     * @param ttl how long tokens hold, a second at the least
     * @param tokenCharsMax the longest token that is any use, since it must fit into a request's headers
     */
    public TokenEndpoint(Issuer issuer, Collection<ServicePrincipal> principals, Duration ttl, int tokenCharsMax) {
        this.issuer = issuer;
        this.principals = new ServicePrincipals(principals);
        this.ttl = ttl;
        this.tokenCharsMax = tokenCharsMax;
    }

    /**
     * Issues a token. Without {@code authorization_details} it is for all of the client's tables. {@code resource} and
     * parameters that we do not know are ignored.
     *
     * @param authorizationHeader the header's value, or null if there is none
     * @param form the parameters of the form, those without a value left out (RFC 6749, 3.2)
     * @throws TokenRefusedException saying why there is none
     */
    public IssuedToken issue(@Nullable String authorizationHeader, Map<String, String> form) {
        requireGrantType(form.get("grant_type"));
        ServicePrincipal client = principals
                .authenticate(ClientCredentials.of(authorizationHeader, form))
                .orElseThrow(() -> TokenErrors.credentialsWrong().asException());
        requireScope(form.get("scope"), client);
        String requested = form.get(AuthorizationDetails.CLAIM);
        List<Map<String, Object>> granted = requested == null
                ? AuthorizationDetails.toWrite(client.tables(), client.pins())
                : RequestedDetails.granted(requested, client);
        requireFits(ENTRY_CHARS_MIN * granted.size());
        String token = issuer.mint(client.clientId(), granted, ttl);
        requireFits(token.length());
        return new IssuedToken(client.clientId(), token, ttl.toSeconds(), SCOPE, granted);
    }

    private void requireFits(int chars) {
        if (chars > tokenCharsMax) {
            throw TokenErrors.tokenTooLong(chars, tokenCharsMax).asException();
        }
    }

    private static void requireGrantType(@Nullable String grantType) {
        if (grantType == null) {
            throw TokenErrors.grantTypeMissing().asException();
        }
        if (!grantType.equals("client_credentials")) {
            throw TokenErrors.grantTypeUnsupported(grantType).asException();
        }
    }

    private static void requireScope(@Nullable String scope, ServicePrincipal client) {
        if (scope == null) {
            return;
        }
        for (String each : scope.split(" ", -1)) {
            if (!each.isEmpty() && !each.equals(SCOPE)) {
                throw TokenErrors.scopeNotAssigned(each, client.clientId()).asException();
            }
        }
    }
}
