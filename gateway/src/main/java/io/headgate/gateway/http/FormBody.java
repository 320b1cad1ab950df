package io.headgate.gateway.http;

import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A body of {@code application/x-www-form-urlencoded} as it arrives, small and with each parameter once, as OAuth has it.
 * Whoever sends one is not known yet, so what all of them hold is bounded apart from what inserts may hold.
 */
final class FormBody {
    static final int BYTES_MAX = 64 << 10;
    static final int PARAMETERS_MAX = 64;

    private static final String TYPE = "application/x-www-form-urlencoded";
    private static final int RETRY_AFTER_SECONDS = 1;

    /** May be repeated (RFC 8707, 2). */
    private static final String RESOURCE = "resource";

    private final InFlightBytes held;
    private byte[] bytes = {};
    private int length;

    FormBody(InFlightBytes held) {
        this.held = held;
    }

    /** @throws RefusedException TOO_LARGE or UNSUPPORTED_MEDIA_TYPE, by what the headers say */
    static void check(HttpServerRequest http) {
        String announced = http.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (announced != null && BodyRules.exceeds(announced, BYTES_MAX)) {
            throw tooLarge();
        }
        String type = http.getHeader(HttpHeaders.CONTENT_TYPE);
        if (!isForm(type)) {
            throw unsupported("Content-Type", type, "send a form, as " + TYPE + " in UTF-8");
        }
        String encoding = http.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw unsupported("Content-Encoding", encoding, "send the form as it is");
        }
    }

    /** A body without a type is taken for a form. */
    private static boolean isForm(@Nullable String type) {
        if (type == null) {
            return true;
        }
        String plain = type.toLowerCase(Locale.ROOT).replaceAll("[\\s\"]", "");
        return plain.equals(TYPE) || plain.equals(TYPE + ";") || plain.equals(TYPE + ";charset=utf-8");
    }

    /**
     * Takes the next piece.
     *
     * @throws RefusedException TOO_LARGE or UNAVAILABLE, and the piece was not taken
     */
    void append(Buffer chunk) {
        int needed = length + chunk.length();
        if (needed > BYTES_MAX) {
            throw tooLarge();
        }
        if (needed > bytes.length) {
            growTo(bytes.length == 0 ? needed : Math.max(needed, Math.min(2 * bytes.length, BYTES_MAX)));
        }
        chunk.getBytes(bytes, length);
        length = needed;
    }

    private void growTo(int capacity) {
        if (!held.grow(capacity - bytes.length)) {
            throw Refusal.unavailable("Too many requests for tokens at once: send this one again.", RETRY_AFTER_SECONDS)
                    .asException();
        }
        bytes = Arrays.copyOf(bytes, capacity);
    }

    int length() {
        return length;
    }

    /**
     * The parameters; one without a value counts as not sent (RFC 6749, 3.2).
     *
     * @throws RefusedException INVALID_PARAMETER if one is repeated or not form-encoded, or there are too many
     */
    Map<String, String> parameters() {
        Map<String, String> parameters = new HashMap<>();
        Set<String> names = new HashSet<>();
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        String[] pairs = text.split("&", PARAMETERS_MAX + 1);
        if (pairs.length > PARAMETERS_MAX) {
            throw Refusal.invalid("The form has more than " + PARAMETERS_MAX + " parameters.")
                    .asException();
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (!name.isEmpty() && !names.add(name) && !name.equals(RESOURCE)) {
                throw Refusal.invalid("The parameter '" + Excerpt.of(name) + "' is in the form twice: send it once.")
                        .asException();
            }
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (!value.isEmpty()) {
                parameters.put(name, value);
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid("The form is not form-encoded: a '%' is not followed by two hexadecimal digits.")
                    .asException();
        }
    }

    private static RefusedException tooLarge() {
        return Refusal.of(
                        Refusal.Code.TOO_LARGE,
                        "The form exceeds " + BYTES_MAX + " bytes: ask for fewer tables in authorization_details.")
                .asException();
    }

    private static RefusedException unsupported(String header, @Nullable String value, String remedy) {
        return Refusal.of(
                        Refusal.Code.UNSUPPORTED_MEDIA_TYPE,
                        header + " '" + Excerpt.of(String.valueOf(value)) + "' is not supported: " + remedy + ".")
                .asException();
    }
}
