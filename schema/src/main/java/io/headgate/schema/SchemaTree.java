package io.headgate.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A Delta schema as its JSON has it, before it is known what it means: the keys of its objects come in any order. */
final class SchemaTree {
    /** Metadata that changes what a writer owes, by the start of its key, and what to call it. */
    private static final Map<String, String> FEATURES = Map.of(
            "delta.generationExpression", "generated columns",
            "delta.identity.", "identity columns",
            "delta.invariants", "column invariants",
            "CURRENT_DEFAULT", "column defaults",
            "__COLLATIONS", "collations");

    /** One beyond what may be, to be refused by the column's name; what is further within is not read. */
    private static final int DEPTH_MAX = ColumnType.NESTING_MAX + 1;

    private SchemaTree() {}

    /**
     * A type.
     *
     * @param name of a primitive type, or the kind of a nested one; empty if it has none
     * @param fields a struct's
     * @param element an array's; a map's value
     * @param containsNull whether there may be nulls among the elements or values
     */
    record Type(
            String name,
            boolean isObject,
            @Nullable List<Field> fields,
            @Nullable Type key,
            @Nullable Type element,
            boolean containsNull) {
        static Type primitive(String name) {
            return new Type(name, false, null, null, null, true);
        }
    }

    /** A field of a struct, or a column. */
    record Field(String name, Type type, boolean nullable, Metadata metadata) {}

    /**
     * What the metadata of a field says to us.
     *
     * @param feature what it asks of a writer that we cannot give, if anything
     * @param catalogText the type as {@link CatalogText} has it
     */
    record Metadata(
            @Nullable String feature,
            OptionalInt id,
            Optional<String> physicalName,
            @Nullable String catalogText) {
        static final Metadata NONE = new Metadata(null, OptionalInt.empty(), Optional.empty(), null);
    }

    /** The columns. The parser is before the schema, and is after it then. */
    static List<Field> read(JsonParser json) throws IOException {
        expect(json.nextToken() == JsonToken.START_OBJECT, "a schema is an object");
        Type schema = type(json, 0);
        List<Field> columns = schema.fields;
        if (columns == null || !"struct".equals(schema.name)) {
            throw new IOException("a schema is a struct with fields");
        }
        return columns;
    }

    private static Type type(JsonParser json, int depth) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            expect(json.currentToken().isScalarValue(), "a type is a name or an object");
            return Type.primitive(json.getText());
        }
        if (depth > DEPTH_MAX) {
            return Type.primitive(skip(json));
        }
        String name = "";
        List<Field> fields = null;
        Type key = null;
        Type element = null;
        boolean containsNull = true;
        for (String member = json.nextFieldName(); member != null; member = json.nextFieldName()) {
            json.nextToken();
            switch (member) {
                case "type" -> name = json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : skip(json);
                case "fields" -> fields = fields(json, depth);
                case "keyType" -> key = type(json, depth + 1);
                case "elementType", "valueType" -> element = type(json, depth + 1);
                case "containsNull", "valueContainsNull" -> containsNull = json.getBooleanValue();
                default -> json.skipChildren();
            }
        }
        return new Type(name, true, fields, key, element, containsNull);
    }

    private static String skip(JsonParser json) throws IOException {
        json.skipChildren();
        return "";
    }

    private static List<Field> fields(JsonParser json, int depth) throws IOException {
        expect(json.currentToken() == JsonToken.START_ARRAY, "fields are an array");
        List<Field> fields = new ArrayList<>();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            fields.add(field(json, depth));
        }
        expect(json.currentToken() == JsonToken.END_ARRAY, "a field is an object");
        return fields;
    }

    private static Field field(JsonParser json, int depth) throws IOException {
        String name = null;
        Type type = null;
        Metadata metadata = Metadata.NONE;
        boolean nullable = true;
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            json.nextToken();
            switch (key) {
                case "name" -> name = json.getText();
                case "type" -> type = type(json, depth + 1);
                case "nullable" -> nullable = json.getBooleanValue();
                case "metadata" -> metadata = metadata(json);
                default -> json.skipChildren();
            }
        }
        if (name == null || type == null) {
            throw new IOException("a field has a name and a type");
        }
        return new Field(name, type, nullable, metadata);
    }

    private static Metadata metadata(JsonParser json) throws IOException {
        expect(json.currentToken() == JsonToken.START_OBJECT, "metadata is an object");
        String found = null;
        OptionalInt id = OptionalInt.empty();
        String physicalName = null;
        String catalogText = null;
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            for (Map.Entry<String, String> feature : FEATURES.entrySet()) {
                found = key.startsWith(feature.getKey()) ? feature.getValue() : found;
            }
            JsonToken value = json.nextToken();
            if (value == JsonToken.VALUE_NUMBER_INT && key.equals(SchemaJson.ID)) {
                id = OptionalInt.of(json.getIntValue());
            } else if (value == JsonToken.VALUE_STRING && key.equals(SchemaJson.PHYSICAL_NAME)) {
                physicalName = json.getText();
            } else if (key.equals(SchemaJson.CATALOG_TEXT)) {
                catalogText = value.isScalarValue() ? json.getText() : "";
            }
            json.skipChildren();
        }
        return new Metadata(found, id, Optional.ofNullable(physicalName), catalogText);
    }

    private static void expect(boolean met, String rule) throws IOException {
        if (!met) {
            throw new IOException(rule);
        }
    }
}
