package io.headgate.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names one version of what a path answers, by its bytes: a strong tag (RFC 9110, 8.8.3).
 *
 * @param value the tag as headers have it, in quotes
 */
record EntityTag(String value) {
    static final int NOT_MODIFIED = 304;

    private static final int DIGEST_BYTES = 16;

    static EntityTag of(byte[] content) {
        return new EntityTag('"' + HexFormat.of().formatHex(sha256(content), 0, DIGEST_BYTES) + '"');
    }

    /** Whether the client has this version already (RFC 9110, 13.1.2), and so is to be answered {@link #NOT_MODIFIED}. */
    boolean isKnownTo(HttpServerRequest http) {
        for (String tags : http.headers().getAll(HttpHeaders.IF_NONE_MATCH)) {
            if (isIn(tags)) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code tags}, a list or an asterisk, names this version; compared weakly. What is no tag ends the list. */
    boolean isIn(String tags) {
        if (tags.strip().equals("*")) {
            return true;
        }
        int at = 0;
        while (true) {
            while (at < tags.length() && " \t,".indexOf(tags.charAt(at)) >= 0) {
                at++;
            }
            int opaque = tags.startsWith("W/", at) ? at + 2 : at;
            int close = tags.startsWith("\"", opaque) ? tags.indexOf('"', opaque + 1) : -1;
            if (close < 0) {
                return false;
            }
            if (tags.regionMatches(opaque, value, 0, value.length())) {
                return true;
            }
            at = close + 1;
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
