package io.headgate.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.headgate.schema.Column;
import io.headgate.schema.TableSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A table's columns as JSON: {@code {"table", "id", "columns": [{"name", "type", "nullable"}]}}. */
final class SchemaBody {
    private static final JsonFactory JSON = new JsonFactory();

    private SchemaBody() {}

    static byte[] of(TableSchema schema) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1_024);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("table", schema.name().toString());
            json.writeStringField("id", schema.id().value());
            json.writeArrayFieldStart("columns");
            for (Column column : schema.columns()) {
                write(json, column);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, Column column) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", column.name());
        json.writeStringField("type", column.type().sqlName());
        json.writeBooleanField("nullable", column.nullable());
        json.writeEndObject();
    }
}
