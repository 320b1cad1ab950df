package io.headgate.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Delta schema JSON to columns and back (Delta protocol, "Schema Serialization Format").
 *
 * <p>What rows cannot carry yet is refused by name. That covers what a schema itself says: types, and features that show
 * in a column's metadata. Features that only the table's protocol or properties name are the catalog's to check; column
 * mapping is one, since the ids and names in the metadata may be there and not in force.
 */
public final class SchemaJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String ID = "delta.columnMapping.id";

    /** Metadata that changes what a writer owes, by the start of its key, and what to call it. */
    private static final Map<String, String> FEATURES = Map.of(
            "delta.generationExpression", "generated columns",
            "delta.identity.", "identity columns",
            "delta.invariants", "column invariants",
            "CURRENT_DEFAULT", "column defaults",
            "__CHAR_VARCHAR_TYPE_STRING", "CHAR and VARCHAR",
            "__COLLATIONS", "collations");

    private SchemaJson() {}

    /**
     * Reads the columns.
     *
     * @throws RefusedException NOT_IMPLEMENTED, naming the column and the type or feature, if a row cannot carry it
     * @throws IllegalArgumentException if this is not a Delta schema
     */
    public static List<Column> parse(String deltaSchemaJson) {
        try (JsonParser json = JSON.createParser(deltaSchemaJson)) {
            expect(json.nextToken() == JsonToken.START_OBJECT, "a schema is an object");
            List<Column> columns = schema(json);
            expect(json.nextToken() == null, "nothing may follow the schema");
            checkNames(columns);
            return columns;
        } catch (IOException e) {
            throw new IllegalArgumentException("Not a Delta schema: " + Excerpt.of(deltaSchemaJson), e);
        }
    }

    /** Writes columns as the Delta schema that {@link #parse} reads them from. */
    public static String write(List<Column> columns) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("type", "struct");
            json.writeArrayFieldStart("fields");
            for (Column column : columns) {
                json.writeStartObject();
                json.writeStringField("name", column.name());
                json.writeStringField("type", column.type().deltaName());
                json.writeBooleanField("nullable", column.nullable());
                json.writeObjectFieldStart("metadata");
                if (column.id().isPresent()) {
                    json.writeNumberField(ID, column.id().getAsInt());
                }
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("A StringWriter does not fail", e);
        }
        return text.toString();
    }

    private static List<Column> schema(JsonParser json) throws IOException {
        List<Column> columns = null;
        String type = null;
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            json.nextToken();
            switch (key) {
                case "type" -> type = json.getText();
                case "fields" -> columns = fields(json);
                default -> json.skipChildren();
            }
        }
        if (columns == null || !"struct".equals(type)) {
            throw new IOException("a schema is a struct with fields");
        }
        return columns;
    }

    private static List<Column> fields(JsonParser json) throws IOException {
        expect(json.currentToken() == JsonToken.START_ARRAY, "fields are an array");
        List<Column> columns = new ArrayList<>();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            columns.add(field(json));
        }
        expect(json.currentToken() == JsonToken.END_ARRAY, "a field is an object");
        return columns;
    }

    private static Column field(JsonParser json) throws IOException {
        String name = null;
        String type = null;
        Metadata metadata = Metadata.NONE;
        boolean nullable = true;
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            json.nextToken();
            switch (key) {
                case "name" -> name = json.getText();
                case "type" -> type = type(json);
                case "nullable" -> nullable = json.getBooleanValue();
                case "metadata" -> metadata = metadata(json);
                default -> json.skipChildren();
            }
        }
        if (name == null || type == null) {
            throw new IOException("a field has a name and a type");
        }
        if (metadata.feature != null) {
            throw unsupported("Column \"" + Excerpt.of(name) + "\" uses " + metadata.feature);
        }
        return new Column(name, columnType(name, type), nullable, metadata.id);
    }

    /** The type's name: of a primitive its own, of a nested type that of its kind. */
    private static String type(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return json.getText();
        }
        String kind = "nested";
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            json.nextToken();
            if (key.equals("type") && json.currentToken() == JsonToken.VALUE_STRING) {
                kind = json.getText();
            } else {
                json.skipChildren();
            }
        }
        return kind;
    }

    private static ColumnType columnType(String column, String deltaName) {
        for (ColumnType type : ColumnType.values()) {
            if (type.deltaName().equals(deltaName)) {
                return type;
            }
        }
        throw unsupported("Column \"" + Excerpt.of(column) + "\" has the type " + Excerpt.of(deltaName));
    }

    /**
     * What a column's metadata says to us.
     *
     * @param feature what it asks of a writer that we cannot give, if anything
     */
    private record Metadata(@Nullable String feature, OptionalInt id) {
        static final Metadata NONE = new Metadata(null, OptionalInt.empty());
    }

    private static Metadata metadata(JsonParser json) throws IOException {
        expect(json.currentToken() == JsonToken.START_OBJECT, "metadata is an object");
        String found = null;
        OptionalInt id = OptionalInt.empty();
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            for (Map.Entry<String, String> feature : FEATURES.entrySet()) {
                found = key.startsWith(feature.getKey()) ? feature.getValue() : found;
            }
            if (json.nextToken() == JsonToken.VALUE_NUMBER_INT && key.equals(ID)) {
                id = OptionalInt.of(json.getIntValue());
            }
            json.skipChildren();
        }
        return new Metadata(found, id);
    }

    private static void checkNames(List<Column> columns) {
        if (columns.isEmpty()) {
            throw unsupported("The table has no columns");
        }
        Map<String, Column> byLowerCase = new HashMap<>();
        for (Column column : columns) {
            Column other = byLowerCase.put(column.name().toLowerCase(Locale.ROOT), column);
            if (other != null) {
                throw unsupported("Columns \"" + Excerpt.of(other.name()) + "\" and \"" + Excerpt.of(column.name())
                        + "\" differ at most in case, which Delta forbids");
            }
        }
    }

    private static RefusedException unsupported(String what) {
        return Refusal.of(
                        Refusal.Code.NOT_IMPLEMENTED,
                        what + ". Headgate cannot write that correctly, so it accepts no rows for the table.")
                .asException();
    }

    private static void expect(boolean met, String rule) throws IOException {
        if (!met) {
            throw new IOException(rule);
        }
    }
}
