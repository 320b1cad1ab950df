package io.headgate.auth;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client gets from the token endpoint.
 *
 * @param subject the client
 * @param accessToken the token
 * @param expiresInSeconds how long it holds
 * @param scope what RFC 6749 (5.1) has us say if the client did not ask for a scope
 * @param details what the token allows, as RFC 9396 (7) has us say
 */
public record IssuedToken(
        String subject, String accessToken, long expiresInSeconds, String scope, List<Map<String, Object>> details) {
    public IssuedToken {
        details = List.copyOf(details);
    }

    /** The answer to the client. */
    public String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("access_token", accessToken);
        json.put("token_type", "Bearer");
        json.put("expires_in", expiresInSeconds);
        json.put("scope", scope);
        json.put(AuthorizationDetails.CLAIM, details);
        return JSONObjectUtils.toJSONString(json);
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "IssuedToken[subject=" + subject + ", expiresInSeconds=" + expiresInSeconds + ", details=" + details
                + "]";
    }
}
