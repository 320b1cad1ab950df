package io.headgate.schema;

/** What the gateway itself knows of a request and can write into a column. */
public enum ServerValue {
    /** When the request was received: TIMESTAMP, or TIMESTAMP_NTZ in UTC; the same for all records of the request. */
    RECEIVE_TIME("receive-time"),
    /** Who sent it, as the token names the caller: STRING. */
    SUBJECT("subject"),
    /** The id in the answer's X-Request-Id: STRING. */
    REQUEST_ID("request-id");

    private final String label;

    ServerValue(String label) {
        this.label = label;
    }

    /** Whether a column of {@code type} can hold it. A BIGINT says nothing of its unit, so no time goes there. */
    boolean fits(ColumnType type) {
        return switch (this) {
            case RECEIVE_TIME -> type == ColumnType.TIMESTAMP || type == ColumnType.TIMESTAMP_NTZ;
            case SUBJECT, REQUEST_ID -> type == ColumnType.STRING;
        };
    }

    /** The types that it fits, for messages. */
    String types() {
        return this == RECEIVE_TIME ? "TIMESTAMP or TIMESTAMP_NTZ" : "STRING";
    }

    /** The value's name in the configuration. */
    @Override
    public String toString() {
        return label;
    }
}
