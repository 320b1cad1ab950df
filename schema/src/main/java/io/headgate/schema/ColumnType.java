package io.headgate.schema;

/** The types of column that rows can carry so far. Names are Delta's (Delta protocol, "Primitive Types"). */
public enum ColumnType {
    STRING("string", 8),
    BOOLEAN("boolean", 1),
    /** TINYINT. */
    BYTE("byte", 1),
    /** SMALLINT. */
    SHORT("short", 2),
    /** INT. */
    INTEGER("integer", 4),
    /** BIGINT. */
    LONG("long", 8),
    FLOAT("float", 4),
    DOUBLE("double", 8),
    /** Days since 1970-01-01. */
    DATE("date", 4),
    /** Microseconds since 1970-01-01T00:00:00Z. */
    TIMESTAMP("timestamp", 8),
    /** Microseconds since 1970-01-01T00:00:00 on a clock without zone. */
    TIMESTAMP_NTZ("timestamp_ntz", 8);

    private final String deltaName;
    private final int slotBytes;

    ColumnType(String deltaName, int slotBytes) {
        this.deltaName = deltaName;
        this.slotBytes = slotBytes;
    }

    /** The type's name in a Delta schema. */
    public String deltaName() {
        return deltaName;
    }

    /** Bytes that a value takes in the fixed part of a row; a string's slot says where in the variable part it is. */
    public int slotBytes() {
        return slotBytes;
    }
}
