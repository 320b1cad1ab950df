package io.headgate.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.headgate.model.Excerpt;
import io.headgate.model.RefusedException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Delta schema JSON to columns and back (Delta protocol, "Schema Serialization Format").
 *
 * <p>What rows cannot carry is refused by name. That covers what a schema itself says: types, and features that show in the
 * metadata of a column or field. Features that only the table's protocol or properties name are the catalog's to check;
 * column mapping is one, since the ids and names in the metadata may be there and not in force.
 *
 * <p>CHAR and VARCHAR are Spark's: Delta has them as {@code string}. Metadata of the column has its whole type as text,
 * also where it is an element or field that is CHAR or VARCHAR ({@link CatalogText}).
 */
public final class SchemaJson {
    static final String ID = "delta.columnMapping.id";
    static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";
    static final String CATALOG_TEXT = "__CHAR_VARCHAR_TYPE_STRING";

    private static final JsonFactory JSON = new JsonFactory();

    private SchemaJson() {}

    /**
     * Reads the columns.
     *
     * @throws RefusedException NOT_IMPLEMENTED, naming the column and the type or feature, if a row cannot carry it
     * @throws IllegalArgumentException if this is not a Delta schema
     */
    public static List<Column> parse(String deltaSchemaJson) {
        try (JsonParser json = JSON.createParser(deltaSchemaJson)) {
            List<SchemaTree.Field> fields = SchemaTree.read(json);
            if (json.nextToken() != null) {
                throw new IOException("nothing may follow the schema");
            }
            return SchemaTypes.columns(fields);
        } catch (IOException e) {
            throw new IllegalArgumentException("Not a Delta schema: " + Excerpt.of(deltaSchemaJson), e);
        }
    }

    /** Writes columns as the Delta schema that {@link #parse} reads them from. */
    public static String write(List<Column> columns) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            struct(columns, json, true);
        } catch (IOException e) {
            throw new UncheckedIOException("A StringWriter does not fail", e);
        }
        return text.toString();
    }

    private static void struct(List<Column> fields, JsonGenerator json, boolean areColumns) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "struct");
        json.writeArrayFieldStart("fields");
        for (Column field : fields) {
            json.writeStartObject();
            json.writeStringField("name", field.name());
            json.writeFieldName("type");
            type(field.type(), json);
            json.writeBooleanField("nullable", field.nullable());
            metadata(field, json, areColumns);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void type(ColumnType type, JsonGenerator json) throws IOException {
        if (type instanceof ColumnType.Struct struct) {
            struct(struct.fields(), json, false);
        } else if (type instanceof ColumnType.Array array) {
            json.writeStartObject();
            json.writeStringField("type", "array");
            json.writeFieldName("elementType");
            type(array.element(), json);
            json.writeBooleanField("containsNull", array.containsNull());
            json.writeEndObject();
        } else if (type instanceof ColumnType.Map map) {
            json.writeStartObject();
            json.writeStringField("type", "map");
            json.writeFieldName("keyType");
            type(map.key(), json);
            json.writeFieldName("valueType");
            type(map.value(), json);
            json.writeBooleanField("valueContainsNull", map.valueContainsNull());
            json.writeEndObject();
        } else {
            json.writeString(type.deltaName());
        }
    }

    private static void metadata(Column field, JsonGenerator json, boolean isColumn) throws IOException {
        json.writeObjectFieldStart("metadata");
        if (field.id().isPresent()) {
            json.writeNumberField(ID, field.id().getAsInt());
        }
        if (field.physicalName().isPresent()) {
            json.writeStringField(PHYSICAL_NAME, field.physicalName().get());
        }
        if (isColumn && CatalogText.isNeeded(field.type())) {
            json.writeStringField(CATALOG_TEXT, CatalogText.of(field.type()));
        }
        json.writeEndObject();
    }
}
