package io.headgate.schema;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a column holds, and what a struct's field, an array's element, a map's key or value does. The types are Delta's
 * (Delta protocol, "Schema Serialization Format"), all but VARIANT. Immutable; two of the same form are equal, and those
 * without parameters identical.
 *
 * <p>Code that treats each type in its own way switches on {@link #kind}, so that the compiler misses a type that is
 * left out. The kinds with parameters are those that have a record of their name here.
 */
public sealed interface ColumnType {
    /** Levels of ARRAY, MAP and STRUCT within each other that a column may have: what is recursive ends there. */
    int NESTING_MAX = 100;

    /** The kinds of type. */
    enum Kind {
        STRING("string", "STRING"),
        BOOLEAN("boolean", "BOOLEAN"),
        BYTE("byte", "TINYINT"),
        SHORT("short", "SMALLINT"),
        INTEGER("integer", "INT"),
        LONG("long", "BIGINT"),
        FLOAT("float", "FLOAT"),
        DOUBLE("double", "DOUBLE"),
        /** Days since 1970-01-01. */
        DATE("date", "DATE"),
        /** Microseconds since 1970-01-01T00:00:00Z. */
        TIMESTAMP("timestamp", "TIMESTAMP"),
        /** Microseconds since 1970-01-01T00:00:00 on a clock without zone. */
        TIMESTAMP_NTZ("timestamp_ntz", "TIMESTAMP_NTZ"),
        BINARY("binary", "BINARY"),
        DECIMAL("decimal", "DECIMAL"),
        CHAR("string", "CHAR"),
        VARCHAR("string", "VARCHAR"),
        ARRAY("array", "ARRAY"),
        MAP("map", "MAP"),
        STRUCT("struct", "STRUCT");

        private final String deltaName;
        private final String sqlName;

        Kind(String deltaName, String sqlName) {
            this.deltaName = deltaName;
            this.sqlName = sqlName;
        }
    }

    ColumnType STRING = new Plain(Kind.STRING);
    ColumnType BOOLEAN = new Plain(Kind.BOOLEAN);
    ColumnType BYTE = new Plain(Kind.BYTE);
    ColumnType SHORT = new Plain(Kind.SHORT);
    ColumnType INTEGER = new Plain(Kind.INTEGER);
    ColumnType LONG = new Plain(Kind.LONG);
    ColumnType FLOAT = new Plain(Kind.FLOAT);
    ColumnType DOUBLE = new Plain(Kind.DOUBLE);
    ColumnType DATE = new Plain(Kind.DATE);
    ColumnType TIMESTAMP = new Plain(Kind.TIMESTAMP);
    ColumnType TIMESTAMP_NTZ = new Plain(Kind.TIMESTAMP_NTZ);
    ColumnType BINARY = new Plain(Kind.BINARY);

    /** All types without parameters. */
    List<ColumnType> PLAIN =
            List.of(STRING, BOOLEAN, BYTE, SHORT, INTEGER, LONG, FLOAT, DOUBLE, DATE, TIMESTAMP, TIMESTAMP_NTZ, BINARY);

    /** Which kind of type this is. */
    Kind kind();

    /**
     * The type's name in a Delta schema, in full for those that are stored as a name; {@code string} for CHAR and VARCHAR,
     * whose length is in the metadata; just the kind for nested ones.
     */
    String deltaName();

    /**
     * The type in SQL, as {@code table create} takes it and messages have it. Elements and values that may not be null are
     * marked NOT NULL like fields.
     */
    String sqlName();

    /** A type without parameters: one of the constants. */
    final class Plain implements ColumnType {
        private final Kind kind;

        private Plain(Kind kind) {
            this.kind = kind;
        }

        @Override
        public Kind kind() {
            return kind;
        }

        @Override
        public String deltaName() {
            return kind.deltaName;
        }

        @Override
        public String sqlName() {
            return kind.sqlName;
        }

        @Override
        public String toString() {
            return kind.name();
        }
    }

    /**
     * A number of fixed point.
     *
     * @param precision decimal digits, 1 to 38
     * @param scale those of them behind the point, 0 to {@code precision}
     */
    record Decimal(int precision, int scale) implements ColumnType {
        public static final int PRECISION_MAX = 38;

        /** Numbers of so many digits fit a long. */
        public static final int LONG_PRECISION_MAX = 18;

        public Decimal {
            if (precision < 1 || precision > PRECISION_MAX || scale < 0 || scale > precision) {
                throw new IllegalArgumentException("DECIMAL(" + precision + "," + scale
                        + ") is none: precision goes from 1 to " + PRECISION_MAX + ", scale from 0 to the precision");
            }
        }

        /** Whether each value, as a whole number of units of the last digit, fits a long. */
        public boolean fitsLong() {
            return precision <= LONG_PRECISION_MAX;
        }

        @Override
        public Kind kind() {
            return Kind.DECIMAL;
        }

        @Override
        public String deltaName() {
            return sqlName().toLowerCase(Locale.ROOT);
        }

        @Override
        public String sqlName() {
            return "DECIMAL(" + precision + "," + scale + ")";
        }
    }

    /**
     * Text that is padded with spaces to a length.
     *
     * @param length in characters (code points), 0 or more
     */
    record Char(int length) implements ColumnType {
        public Char {
            requireLength("CHAR", length);
        }

        @Override
        public Kind kind() {
            return Kind.CHAR;
        }

        @Override
        public String deltaName() {
            return Kind.CHAR.deltaName;
        }

        @Override
        public String sqlName() {
            return "CHAR(" + length + ")";
        }
    }

    /**
     * Text up to a length.
     *
     * @param length in characters (code points), 0 or more
     */
    record Varchar(int length) implements ColumnType {
        public Varchar {
            requireLength("VARCHAR", length);
        }

        @Override
        public Kind kind() {
            return Kind.VARCHAR;
        }

        @Override
        public String deltaName() {
            return Kind.VARCHAR.deltaName;
        }

        @Override
        public String sqlName() {
            return "VARCHAR(" + length + ")";
        }
    }

    /**
     * Values of one type, in order.
     *
     * @param element what they are
     * @param containsNull whether there may be nulls among them
     */
    record Array(ColumnType element, boolean containsNull) implements ColumnType {
        @Override
        public Kind kind() {
            return Kind.ARRAY;
        }

        @Override
        public String deltaName() {
            return Kind.ARRAY.deltaName;
        }

        @Override
        public String sqlName() {
            return "ARRAY<" + orNotNull(element, containsNull) + ">";
        }
    }

    /**
     * Values by keys. Keys are never null.
     *
     * @param key anything but ARRAY, MAP and STRUCT, which JSON has no keys for
     * @param value what they lead to
     * @param valueContainsNull whether there may be nulls among the values
     */
    record Map(ColumnType key, ColumnType value, boolean valueContainsNull) implements ColumnType {
        public Map {
            if (isNested(key)) {
                throw new IllegalArgumentException("A map has no keys of type " + key.sqlName());
            }
        }

        @Override
        public Kind kind() {
            return Kind.MAP;
        }

        @Override
        public String deltaName() {
            return Kind.MAP.deltaName;
        }

        @Override
        public String sqlName() {
            return "MAP<" + key.sqlName() + ", " + orNotNull(value, valueContainsNull) + ">";
        }
    }

    /**
     * Named values.
     *
     * @param fields one or more
     */
    record Struct(List<Column> fields) implements ColumnType {
        private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");

        public Struct {
            fields = List.copyOf(fields);
            if (fields.isEmpty()) {
                throw new IllegalArgumentException("A struct has fields");
            }
        }

        @Override
        public Kind kind() {
            return Kind.STRUCT;
        }

        @Override
        public String deltaName() {
            return Kind.STRUCT.deltaName;
        }

        @Override
        public String sqlName() {
            return fields.stream()
                    .map(field -> name(field) + ": " + orNotNull(field.type(), field.nullable()))
                    .collect(Collectors.joining(", ", "STRUCT<", ">"));
        }

        private static String name(Column field) {
            return WORD.matcher(field.name()).matches()
                    ? field.name()
                    : "`" + field.name().replace("`", "``") + "`";
        }
    }

    /** Whether values of the type consist of values. */
    static boolean isNested(ColumnType type) {
        return type.kind() == Kind.ARRAY || type.kind() == Kind.MAP || type.kind() == Kind.STRUCT;
    }

    private static String orNotNull(ColumnType type, boolean nullable) {
        return nullable ? type.sqlName() : type.sqlName() + " NOT NULL";
    }

    private static void requireLength(String type, int length) {
        if (length < 0) {
            throw new IllegalArgumentException(type + "(" + length + ") is none: a length is 0 or more");
        }
    }
}
