package io.headgate.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.headgate.schema.Column;
import io.headgate.schema.ServerColumns;
import io.headgate.schema.SetColumn;
import io.headgate.schema.TableSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A table's columns as JSON, and what of them the gateway writes for this caller. */
final class SchemaBody {
    private static final JsonFactory JSON = new JsonFactory();

    private SchemaBody() {}

    static byte[] of(TableSchema schema, ServerColumns server) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1_024);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("table", schema.name().toString());
            json.writeStringField("id", schema.id().value());
            json.writeArrayFieldStart("columns");
            for (int i = 0; i < schema.columns().size(); i++) {
                write(json, schema.columns().get(i), server.setBy(i), server.isPinned(i));
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, Column column, Optional<SetColumn> set, boolean pinned)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("name", column.name());
        json.writeStringField("type", column.type().sqlName());
        json.writeBooleanField("nullable", column.nullable());
        if (set.isPresent()) {
            json.writeStringField("set_by", set.get().toString());
        }
        if (pinned) {
            json.writeBooleanField("pinned", true);
        }
        json.writeEndObject();
    }
}
