package io.headgate.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The answer of {@code /health/ready}: every check, and the worst of their states as the whole.
 *
 * @param state the worst state
 * @param json the answer
 */
record ReadinessBody(Readiness.State state, Buffer json) {
    private static final JsonFactory JSON = new JsonFactory();

    private record Checked(String name, Readiness readiness) {}

    static ReadinessBody of(List<ReadinessCheck> checks) {
        List<Checked> all = checks.stream()
                .map(check -> new Checked(check.name(), check.check().get()))
                .toList();
        Readiness.State worst = all.stream()
                .map(checked -> checked.readiness.state())
                .max(Enum::compareTo)
                .orElse(Readiness.State.READY);
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            write(json, worst, all);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ReadinessBody(worst, Buffer.buffer(out.toByteArray()));
    }

    private static void write(JsonGenerator json, Readiness.State worst, List<Checked> all) throws IOException {
        json.writeStartObject();
        json.writeStringField("state", worst.name());
        json.writeArrayFieldStart("checks");
        for (Checked checked : all) {
            json.writeStartObject();
            json.writeStringField("name", checked.name);
            json.writeStringField("state", checked.readiness.state().name());
            if (!checked.readiness.message().isEmpty()) {
                json.writeStringField("message", checked.readiness.message());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
