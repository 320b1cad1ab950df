package io.headgate.gateway.http;

import io.headgate.gateway.coding.ContentCoding;
import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import io.headgate.schema.BodyForm;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request's headers may say of its body: JSON or NDJSON in UTF-8, coded once at the most, not too large. */
final class BodyRules {
    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";

    /** None of them is registered with IANA; each is what some client sends. */
    private static final Set<String> NDJSON_TYPES =
            Set.of(NDJSON, "application/ndjson", "application/jsonl", "application/x-jsonlines");

    private static final String ACCEPTED_TYPES = JSON + ", " + NDJSON;

    private BodyRules() {}

    /**
     * What the body is. If that is nothing we take, the answer will say what is, as RFC 9110, 15.5.16 has it: either types
     * or codings, whichever it was about.
     *
     * @throws RefusedException TOO_LARGE or UNSUPPORTED_MEDIA_TYPE
     */
    static BodyKind check(HttpServerRequest http, int maxBytes) {
        String length = http.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && exceeds(length, maxBytes)) {
            throw RequestBody.tooLarge(maxBytes);
        }
        String type = http.getHeader(HttpHeaders.CONTENT_TYPE);
        boolean isCoded = http.headers().contains(HttpHeaders.CONTENT_ENCODING);
        if (!isCoded && (type == null || type.equals(JSON))) {
            return BodyKind.PLAIN_JSON;
        }
        BodyForm form = form(type);
        if (form == null) {
            http.response().putHeader(HttpHeaders.ACCEPT, ACCEPTED_TYPES);
            throw unsupported("Content-Type", String.valueOf(type), JSON + " and " + NDJSON + " are, in UTF-8");
        }
        List<String> codings = http.headers().getAll(HttpHeaders.CONTENT_ENCODING);
        ContentCoding coding = ContentCoding.of(codings);
        if (coding == null) {
            http.response().putHeader(HttpHeaders.ACCEPT_ENCODING, ContentCoding.ACCEPTED);
            throw unsupported(
                    "Content-Encoding",
                    String.join(", ", codings),
                    "one of " + ContentCoding.ACCEPTED + " is, or send the body as it is");
        }
        return new BodyKind(form, coding);
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
    private static @Nullable BodyForm form(@Nullable String type) {
        if (type == null) {
            return BodyForm.JSON;
        }
        String[] parts = type.toLowerCase(Locale.ROOT).split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().replace("\"", "");
            if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
                return null;
            }
        }
        String name = parts[0].strip();
        return name.equals(JSON) ? BodyForm.JSON : NDJSON_TYPES.contains(name) ? BodyForm.NDJSON : null;
    }

    private static RefusedException unsupported(String header, String value, String remedy) {
        return Refusal.of(
                        Refusal.Code.UNSUPPORTED_MEDIA_TYPE,
                        header + " '" + Excerpt.of(value) + "' is not supported: " + remedy + ".")
                .asException();
    }
}
