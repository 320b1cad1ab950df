package io.headgate.schema;

import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a Delta schema means to us, and what of it is refused. Messages name columns by their path, as Delta does: fields by
 * their names, {@code element}, {@code key} and {@code value} for what arrays and maps hold.
 */
final class SchemaTypes {
    private static final Pattern DECIMAL = Pattern.compile("decimal\\(\\s*([0-9]{1,4})\\s*,\\s*(-?[0-9]{1,4})\\s*\\)");
    private static final ColumnType.Decimal DECIMAL_DEFAULT = new ColumnType.Decimal(10, 0);

    private SchemaTypes() {}

    /**
     * @throws RefusedException as {@link SchemaJson#parse} says
     * @throws IOException if a nested type lacks a part
     */
    static List<Column> columns(List<SchemaTree.Field> fields) throws IOException {
        if (fields.isEmpty()) {
            throw unsupported("The table has no columns");
        }
        return fields("", fields, 0);
    }

    private static List<Column> fields(String prefix, List<SchemaTree.Field> fields, int depth) throws IOException {
        List<Column> columns = new ArrayList<>();
        Map<String, String> byLowerCase = new HashMap<>();
        for (SchemaTree.Field field : fields) {
            String path = prefix + field.name();
            SchemaTree.Metadata metadata = field.metadata();
            if (metadata.feature() != null) {
                throw unsupported("Column \"" + Excerpt.of(path) + "\" uses " + metadata.feature());
            }
            ColumnType type = withLengths(path, type(path, field.type(), depth), metadata.catalogText());
            columns.add(new Column(field.name(), type, field.nullable(), metadata.id(), metadata.physicalName()));
            String other = byLowerCase.put(field.name().toLowerCase(Locale.ROOT), path);
            if (other != null) {
                throw unsupported("Columns \"" + Excerpt.of(other) + "\" and \"" + Excerpt.of(path)
                        + "\" differ at most in case, which Delta forbids");
            }
        }
        return columns;
    }

    private static ColumnType type(String path, SchemaTree.Type type, int depth) throws IOException {
        if (!type.isObject()) {
            return primitive(path, type.name());
        }
        if (depth == ColumnType.NESTING_MAX) {
            throw unsupported("Column \"" + Excerpt.of(path) + "\" is nested more than " + ColumnType.NESTING_MAX
                    + " levels deep");
        }
        return switch (type.name()) {
            case "struct" -> struct(path, required(type.fields(), "a struct has fields"), depth);
            case "array" ->
                new ColumnType.Array(
                        type(path + ".element", required(type.element(), "an array has elements"), depth + 1),
                        type.containsNull());
            case "map" -> map(path, type, depth);
            default -> throw unknown(path, type.name().isEmpty() ? "nested" : type.name());
        };
    }

    private static ColumnType struct(String path, List<SchemaTree.Field> fields, int depth) throws IOException {
        if (fields.isEmpty()) {
            throw unknown(path, "struct without fields");
        }
        return new ColumnType.Struct(fields(path + ".", fields, depth + 1));
    }

    private static ColumnType map(String path, SchemaTree.Type map, int depth) throws IOException {
        ColumnType key = type(path + ".key", required(map.key(), "a map has keys"), depth + 1);
        if (ColumnType.isNested(key)) {
            throw unknown(path, "map with keys of type " + key.deltaName());
        }
        ColumnType value = type(path + ".value", required(map.element(), "a map has values"), depth + 1);
        return new ColumnType.Map(key, value, map.containsNull());
    }

    private static ColumnType primitive(String path, String name) {
        for (ColumnType type : ColumnType.PLAIN) {
            if (type.deltaName().equals(name)) {
                return type;
            }
        }
        if (name.equals("decimal")) {
            return DECIMAL_DEFAULT;
        }
        Matcher decimal = DECIMAL.matcher(name);
        if (decimal.matches()) {
            try {
                return new ColumnType.Decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
            } catch (IllegalArgumentException e) {
                throw unknown(path, name);
            }
        }
        throw unknown(path, name);
    }

    private static ColumnType withLengths(String path, ColumnType type, @Nullable String catalogText) {
        if (catalogText == null) {
            return type;
        }
        return CatalogText.apply(catalogText, type)
                .orElseThrow(() -> unsupported("Column \"" + Excerpt.of(path) + "\" uses CHAR and VARCHAR as \""
                        + Excerpt.of(catalogText) + "\", which its type " + Excerpt.of(CatalogText.of(type))
                        + " does not fit"));
    }

    private static <T> T required(@Nullable T part, String rule) throws IOException {
        if (part == null) {
            throw new IOException(rule);
        }
        return part;
    }

    private static RefusedException unknown(String path, String type) {
        return unsupported("Column \"" + Excerpt.of(path) + "\" has the type " + Excerpt.of(type));
    }

    private static RefusedException unsupported(String what) {
        return Refusal.of(
                        Refusal.Code.NOT_IMPLEMENTED,
                        what + ". Headgate cannot write that correctly, so it accepts no rows for the table.")
                .asException();
    }
}
