package io.headgate.gateway.http;

import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Idempotency-Key}: 1 to 255 visible ASCII characters, as they are or, as
 * draft-ietf-httpapi-idempotency-key-header-07 (2.1) has it, between double quotes. Both are the same key.
 */
final class KeyHeader {
    static final int CHARS_MAX = 255;

    private static final CharSequence NAME = HttpHeaders.createOptimized("idempotency-key");
    private static final char QUOTE = '"';

    private KeyHeader() {}

    /**
     * The key, without quotes around it; null if there is none.
     *
     * @throws RefusedException INVALID_PARAMETER if it is malformed, or there are two
     */
    static @Nullable String of(HttpServerRequest http) {
        String value = http.getHeader(NAME);
        if (value == null) {
            return null;
        }
        List<String> all = http.headers().getAll(NAME);
        if (all.size() != 1) {
            throw invalid("is given " + all.size() + " times");
        }
        return key(value);
    }

    /** @throws RefusedException INVALID_PARAMETER if it is malformed */
    static String key(String value) {
        String key = value;
        if (!value.isEmpty() && value.charAt(0) == QUOTE) {
            if (value.length() < 2 || value.charAt(value.length() - 1) != QUOTE) {
                throw invalid("begins with a quote and does not end with one: '" + Excerpt.of(value) + "'");
            }
            key = value.substring(1, value.length() - 1);
        }
        if (key.isEmpty() || key.length() > CHARS_MAX) {
            throw invalid("has " + key.length() + " characters");
        }
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) <= ' ' || key.charAt(i) > '~') {
                throw invalid("holds a character that is not visible ASCII: '" + Excerpt.of(key) + "'");
            }
        }
        return key;
    }

    private static RefusedException invalid(String problem) {
        return Refusal.invalid("The header Idempotency-Key " + problem + ". Send it once, with 1 to " + CHARS_MAX
                        + " visible ASCII characters, such as a UUID. Nothing was stored.")
                .asException();
    }
}
