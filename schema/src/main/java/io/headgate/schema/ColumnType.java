package io.headgate.schema;

/** The types of column that rows can carry so far. Names are Delta's (Delta protocol, "Primitive Types"). */
public enum ColumnType {
    STRING("string", "STRING", 8),
    BOOLEAN("boolean", "BOOLEAN", 1),
    BYTE("byte", "TINYINT", 1),
    SHORT("short", "SMALLINT", 2),
    INTEGER("integer", "INT", 4),
    LONG("long", "BIGINT", 8),
    FLOAT("float", "FLOAT", 4),
    DOUBLE("double", "DOUBLE", 8),
    /** Days since 1970-01-01. */
    DATE("date", "DATE", 4),
    /** Microseconds since 1970-01-01T00:00:00Z. */
    TIMESTAMP("timestamp", "TIMESTAMP", 8),
    /** Microseconds since 1970-01-01T00:00:00 on a clock without zone. */
    TIMESTAMP_NTZ("timestamp_ntz", "TIMESTAMP_NTZ", 8);

    private final String deltaName;
    private final String sqlName;
    private final int slotBytes;

    ColumnType(String deltaName, String sqlName, int slotBytes) {
        this.deltaName = deltaName;
        this.sqlName = sqlName;
        this.slotBytes = slotBytes;
    }

    /** The type's name in a Delta schema. */
    public String deltaName() {
        return deltaName;
    }

    /** The type's name in SQL, as {@code table create} takes it and messages have it. */
    public String sqlName() {
        return sqlName;
    }

    /** Bytes that a value takes in the fixed part of a row; a string's slot says where in the variable part it is. */
    public int slotBytes() {
        return slotBytes;
    }
}
