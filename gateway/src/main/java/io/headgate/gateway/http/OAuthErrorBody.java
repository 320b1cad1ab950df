package io.headgate.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A refusal as OAuth writes it: {@code {"error", "error_description", "request_id"}}. */
final class OAuthErrorBody {
    private static final JsonFactory JSON = new JsonFactory();

    private OAuthErrorBody() {}

    static byte[] of(String error, String description, String requestId) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("error", error);
            json.writeStringField("error_description", quotable(description));
            json.writeStringField("request_id", requestId);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** RFC 6749 (5.2) allows printable ASCII but double quotes and backslashes. */
    private static String quotable(String description) {
        return description.replace('"', '\'').replaceAll("[^ !#-\\[\\]-~]", "?");
    }
}
