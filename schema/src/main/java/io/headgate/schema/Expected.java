package io.headgate.schema;

/** What a column, a field, an element or a key takes, in words for whoever wrote the firmware. */
final class Expected {
    /** Of a type's name; those of nested ones go on and on. */
    private static final int TYPE_CHARS_MAX = 100;

    private Expected() {}

    static String of(Column column) {
        return of(column.type(), column.nullable());
    }

    static String of(ColumnType type, boolean nullable) {
        return nullable ? of(type) : of(type) + ", NOT NULL";
    }

    static String of(ColumnType type) {
        return switch (type.kind()) {
            case STRING -> "STRING (a JSON string)";
            case BOOLEAN -> "BOOLEAN (true or false)";
            case BYTE -> whole("TINYINT", Byte.MIN_VALUE, Byte.MAX_VALUE);
            case SHORT -> whole("SMALLINT", Short.MIN_VALUE, Short.MAX_VALUE);
            case INTEGER -> whole("INT", Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> whole("BIGINT", Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT -> "FLOAT (a number up to 3.4028235e38, or \"NaN\", \"Infinity\", \"-Infinity\")";
            case DOUBLE -> "DOUBLE (a number up to 1.7976931348623157e308, or \"NaN\", \"Infinity\", \"-Infinity\")";
            case DATE -> "DATE (days since 1970-01-01, or \"YYYY-MM-DD\")";
            case TIMESTAMP ->
                "TIMESTAMP (microseconds since 1970-01-01T00:00:00Z, or ISO-8601 with a zone, such as"
                        + " \"2026-01-31T08:00:00.5Z\")";
            case TIMESTAMP_NTZ ->
                "TIMESTAMP_NTZ (microseconds since 1970-01-01T00:00:00 local time, or ISO-8601 without a zone, such as"
                        + " \"2026-01-31T08:00:00.5\")";
            case BINARY -> "BINARY (base64 in a JSON string, such as \"AQID\")";
            case DECIMAL -> decimal((ColumnType.Decimal) type);
            case CHAR, VARCHAR -> type.sqlName() + " (a JSON string of no more characters)";
            case ARRAY -> name(type) + " (a JSON array)";
            case MAP -> name(type) + " (a JSON object)";
            case STRUCT -> name(type) + " (a JSON object with these fields)";
        };
    }

    private static String whole(String type, long min, long max) {
        return type + " (" + min + " to " + max + ")";
    }

    private static String decimal(ColumnType.Decimal type) {
        return type.sqlName() + " (a number, or one in a string, of up to " + (type.precision() - type.scale())
                + " digits before the point and " + type.scale() + " behind it)";
    }

    private static String name(ColumnType type) {
        String name = type.sqlName();
        return name.length() <= TYPE_CHARS_MAX ? name : name.substring(0, TYPE_CHARS_MAX) + "...";
    }
}
