package io.headgate.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.headgate.model.RecordProblem;
import io.headgate.model.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A refusal as JSON: {@code {"error_code", "message", "details": [...]}}; what is not known of a detail is left out. */
final class ErrorBody {
    private static final JsonFactory JSON = new JsonFactory();

    private ErrorBody() {}

    static byte[] of(Refusal refusal) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            write(json, refusal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, Refusal refusal) throws IOException {
        json.writeStartObject();
        json.writeStringField("error_code", RefusalStatus.of(refusal.code()).errorCode());
        json.writeStringField("message", refusal.message());
        json.writeArrayFieldStart("details");
        for (RecordProblem problem : refusal.details()) {
            write(json, problem);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    static void write(JsonGenerator json, RecordProblem problem) throws IOException {
        json.writeStartObject();
        json.writeNumberField("record", problem.record());
        json.writeStringField("path", problem.path());
        writeIfKnown(json, "field", problem.field());
        writeIfKnown(json, "line", problem.line());
        writeIfKnown(json, "column", problem.column());
        json.writeStringField("reason", problem.reason());
        writeIfKnown(json, "expected", problem.expected());
        writeIfKnown(json, "got", problem.got());
        json.writeEndObject();
    }

    private static void writeIfKnown(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static void writeIfKnown(JsonGenerator json, String name, int value) throws IOException {
        if (value > 0) {
            json.writeNumberField(name, value);
        }
    }
}
