package io.headgate.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Types as Spark's catalog writes them: {@code struct<a:varchar(10),b:array<int>>}. Delta schemas have STRING for CHAR and
 * VARCHAR, and keep the text of the type beside it (Spark's {@code CharVarcharUtils}). Names of fields are not quoted
 * there, so the text is read along the type that it belongs to, which knows them.
 */
final class CatalogText {
    private final String text;
    private int at;

    private CatalogText(String text) {
        this.text = text;
    }

    /** Whether the type says less without its text. */
    static boolean isNeeded(ColumnType type) {
        return switch (type.kind()) {
            case CHAR, VARCHAR -> true;
            case ARRAY -> isNeeded(((ColumnType.Array) type).element());
            case MAP -> isNeeded(((ColumnType.Map) type).key()) || isNeeded(((ColumnType.Map) type).value());
            case STRUCT -> ((ColumnType.Struct) type).fields().stream().anyMatch(field -> isNeeded(field.type()));
            case STRING, BOOLEAN, BYTE, SHORT, INTEGER, LONG, FLOAT, DOUBLE, DATE -> false;
            case TIMESTAMP, TIMESTAMP_NTZ, BINARY, DECIMAL -> false;
        };
    }

    /** The text. */
    static String of(ColumnType type) {
        if (type instanceof ColumnType.Array array) {
            return "array<" + of(array.element()) + ">";
        }
        if (type instanceof ColumnType.Map map) {
            return "map<" + of(map.key()) + "," + of(map.value()) + ">";
        }
        if (type instanceof ColumnType.Struct struct) {
            return struct.fields().stream()
                    .map(field -> field.name() + ":" + of(field.type()))
                    .collect(Collectors.joining(",", "struct<", ">"));
        }
        return type.sqlName().toLowerCase(Locale.ROOT);
    }

    /** The type with CHAR and VARCHAR where the text has them and it has STRING; empty if the text is of another type. */
    static Optional<ColumnType> apply(String text, ColumnType type) {
        try {
            CatalogText reading = new CatalogText(text);
            ColumnType read = reading.type(type);
            return reading.at == text.length() ? Optional.of(read) : Optional.empty();
        } catch (Mismatch e) {
            return Optional.empty();
        }
    }

    private static final class Mismatch extends Exception {
        Mismatch() {
            super(null, null, false, false);
        }
    }

    private ColumnType type(ColumnType type) throws Mismatch {
        return switch (type.kind()) {
            case STRING -> string();
            case ARRAY -> array((ColumnType.Array) type);
            case MAP -> map((ColumnType.Map) type);
            case STRUCT -> struct((ColumnType.Struct) type);
            case CHAR,
                    VARCHAR,
                    BOOLEAN,
                    BYTE,
                    SHORT,
                    INTEGER,
                    LONG,
                    FLOAT,
                    DOUBLE,
                    DATE,
                    TIMESTAMP,
                    TIMESTAMP_NTZ,
                    BINARY,
                    DECIMAL -> {
                skip(of(type));
                yield type;
            }
        };
    }

    private ColumnType string() throws Mismatch {
        if (accept("varchar(")) {
            return new ColumnType.Varchar(length());
        }
        if (accept("char(")) {
            return new ColumnType.Char(length());
        }
        skip("string");
        return ColumnType.STRING;
    }

    private ColumnType array(ColumnType.Array type) throws Mismatch {
        skip("array<");
        ColumnType element = type(type.element());
        skip(">");
        return new ColumnType.Array(element, type.containsNull());
    }

    private ColumnType map(ColumnType.Map type) throws Mismatch {
        skip("map<");
        ColumnType key = type(type.key());
        skip(",");
        ColumnType value = type(type.value());
        skip(">");
        return new ColumnType.Map(key, value, type.valueContainsNull());
    }

    private ColumnType struct(ColumnType.Struct type) throws Mismatch {
        skip("struct<");
        List<Column> fields = new ArrayList<>();
        for (Column field : type.fields()) {
            if (!fields.isEmpty()) {
                skip(",");
            }
            skip(field.name());
            skip(":");
            fields.add(
                    new Column(field.name(), type(field.type()), field.nullable(), field.id(), field.physicalName()));
        }
        skip(">");
        return new ColumnType.Struct(fields);
    }

    private int length() throws Mismatch {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        try {
            int length = Integer.parseInt(text.substring(start, at));
            skip(")");
            return length;
        } catch (NumberFormatException e) {
            throw new Mismatch();
        }
    }

    private void skip(String expected) throws Mismatch {
        if (!accept(expected)) {
            throw new Mismatch();
        }
    }

    private boolean accept(String expected) {
        boolean accepted = text.startsWith(expected, at);
        if (accepted) {
            at += expected.length();
        }
        return accepted;
    }
}
