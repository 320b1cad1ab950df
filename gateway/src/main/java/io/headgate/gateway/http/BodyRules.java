package io.headgate.gateway.http;

import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a request's headers may say of its body: JSON in UTF-8, not encoded, not too large. */
final class BodyRules {
    private static final String JSON = "application/json";

    private BodyRules() {}

    /** @throws RefusedException TOO_LARGE or UNSUPPORTED_MEDIA_TYPE */
    static void check(HttpServerRequest http, int maxBytes) {
        String length = http.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && exceeds(length, maxBytes)) {
            throw RequestBody.tooLarge(maxBytes);
        }
        String type = http.getHeader(HttpHeaders.CONTENT_TYPE);
        if (!isJson(type)) {
            throw unsupported("Content-Type", type, "only application/json is, in UTF-8");
        }
        String encoding = http.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw unsupported("Content-Encoding", encoding, "send the body as it is");
        }
    }

    /** Whether a Content-Length, which was checked to be a number when the head was read, is more than {@code maxBytes}. */
    static boolean exceeds(String length, int maxBytes) {
        try {
            return Long.parseLong(length.strip()) > maxBytes;
        } catch (NumberFormatException e) {
            return true;
        }
    }

    /** A body without a type is taken for JSON. */
    private static boolean isJson(@Nullable String type) {
        if (type == null || type.equals(JSON)) {
            return true;
        }
        String[] parts = type.toLowerCase(Locale.ROOT).split(";", -1);
        if (!parts[0].strip().equals(JSON)) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().replace("\"", "");
            if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
                return false;
            }
        }
        return true;
    }

    private static RefusedException unsupported(String header, @Nullable String value, String remedy) {
        return Refusal.of(
                        Refusal.Code.UNSUPPORTED_MEDIA_TYPE,
                        header + " '" + Excerpt.of(String.valueOf(value)) + "' is not supported: " + remedy + ".")
                .asException();
    }
}
