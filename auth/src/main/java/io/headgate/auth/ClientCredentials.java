package io.headgate.auth;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client's id and secret, as RFC 6749 (2.3.1) has them sent: with HTTP Basic, each form-encoded first, or in the form.
 * Using both ways at once is an error; an id alone in the form beside Basic is not, if it is the same.
 */
record ClientCredentials(String clientId, String secret) {
    private static final String SCHEME = "Basic ";
    private static final String CLIENT_ID = "client_id";
    private static final String CLIENT_SECRET = "client_secret";

    /**
     * @param header the value of the Authorization header, or null if there is none
     * @param form the parameters that have a value
     * @throws TokenRefusedException INVALID_CLIENT or INVALID_REQUEST
     */
    static ClientCredentials of(@Nullable String header, Map<String, String> form) {
        String formId = form.get(CLIENT_ID);
        String formSecret = form.get(CLIENT_SECRET);
        if (header == null) {
            if (formId == null || formSecret == null) {
                throw TokenErrors.credentialsMissing().asException();
            }
            return new ClientCredentials(formId, formSecret);
        }
        ClientCredentials basic = ofBasic(header);
        if (formSecret != null || (formId != null && !formId.equals(basic.clientId))) {
            throw TokenErrors.twoCredentials().asException();
        }
        return basic;
    }

    private static ClientCredentials ofBasic(String header) {
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw TokenErrors.credentialsUnreadable("the scheme of the Authorization header is not Basic")
                    .asException();
        }
        String pair = decodeBase64(header.substring(SCHEME.length()).strip());
        int colon = pair.indexOf(':');
        if (colon < 0) {
            throw TokenErrors.credentialsUnreadable(
                            "there is no colon between id and secret in the Authorization header")
                    .asException();
        }
        return new ClientCredentials(decodeForm(pair.substring(0, colon)), decodeForm(pair.substring(colon + 1)));
    }

    private static String decodeBase64(String text) {
        try {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw TokenErrors.credentialsUnreadable("what follows Basic in the Authorization header is not Base64")
                    .asException();
        }
    }

    private static String decodeForm(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw TokenErrors.credentialsUnreadable("id or secret in the Authorization header is not form-encoded")
                    .asException();
        }
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return "ClientCredentials[" + clientId + "]";
    }
}
