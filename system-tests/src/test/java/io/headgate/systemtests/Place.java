package io.headgate.systemtests;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.Rows;
import io.headgate.schema.TypeCases.Case;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where in a table a value of some type may be: by itself, and in which company. */
enum Place {
    NULLABLE("%s", "$.%s"),
    REQUIRED("%s", "$.%s"),
    /** Of a struct, and NOT NULL there. */
    FIELD("{\"x\":%s}", "$.%s.x"),
    /** Of an array, after a null. */
    ELEMENT("[null,%s]", "$.%s[1]"),
    /** Of a map, after a null. */
    VALUE("{\"none\":null,\"k\":%s}", "$.%s['k']"),
    KEY("{%s:1}", "$.%s['"),
    /** Of a struct in a map in a struct in an array. */
    DEEP("[{\"m\":{\"7\":{\"x\":%s}}}]", "$.%s[0].m['7'].x");

    private final String json;
    private final String path;

    Place(String json, String path) {
        this.json = json;
        this.path = path;
    }

    /** A column with this place, and a name of its own for each number. */
    Column column(int number, ColumnType type) {
        String name = "t" + number + "_" + name().toLowerCase(Locale.ROOT);
        return new Column(name, around(type), this != REQUIRED);
    }

    private ColumnType around(ColumnType type) {
        return switch (this) {
            case NULLABLE, REQUIRED -> type;
            case FIELD -> struct("x", type, false);
            case ELEMENT -> new ColumnType.Array(type, true);
            case VALUE -> new ColumnType.Map(ColumnType.STRING, type, true);
            case KEY -> new ColumnType.Map(type, ColumnType.LONG, false);
            case DEEP -> {
                ColumnType map = new ColumnType.Map(ColumnType.INTEGER, struct("x", type, true), false);
                yield new ColumnType.Array(struct("m", map, true), false);
            }
        };
    }

    private static ColumnType struct(String name, ColumnType type, boolean nullable) {
        return new ColumnType.Struct(List.of(new Column(name, type, nullable)));
    }

    /** Whether it is one for values of that type. */
    boolean isOf(ColumnType type) {
        return this != KEY || !ColumnType.isNested(type);
    }

    /** Whether this value may be tried there. */
    boolean isOf(Case c) {
        return this != KEY || (c.isOfKey() && !c.breaksNames());
    }

    /** The column's value in a record. */
    String json(Case c) {
        return json.formatted(c.json());
    }

    /** The column's value as it is stored, in the form of {@link Rows}. */
    Object stored(Case c) {
        Object value = c.expected();
        return switch (this) {
            case NULLABLE, REQUIRED -> value;
            case FIELD -> List.of(value);
            case ELEMENT -> List.of(Rows.NULL, value);
            case VALUE -> List.of(Map.entry("none", Rows.NULL), Map.entry("k", value));
            case KEY -> List.of(Map.entry(c.key(), 1L));
            case DEEP -> List.of(List.of(List.of(Map.entry(7, List.of(value)))));
        };
    }

    /** How what is told of a value begins that is refused there. */
    Told told(Column column, Case c) {
        String reason = (String) c.expected();
        String type = c.type().sqlName();
        return this == KEY
                ? new Told(path.formatted(column.name()), "is a key that " + reason, "a key of type " + type)
                : new Told(path.formatted(column.name()), reason, type);
    }

    /** A problem, or how it begins. */
    record Told(String path, String reason, String expected) {}
}
