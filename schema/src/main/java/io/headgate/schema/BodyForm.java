package io.headgate.schema;

/** How a body holds its records. */
public enum BodyForm {
    /** One JSON text: an array of records, or a single one. */
    JSON("a JSON object, or an array of JSON objects, in UTF-8"),

    /**
     * A record on each line. Lines end in LF or CR LF, the last one or not; blank ones are passed over. A record neither
     * goes on over its line nor shares it, so that a line is what can be looked at, and mended, by itself.
     */
    NDJSON("JSON objects, one on each line, in UTF-8");

    private final String records;

    BodyForm(String records) {
        this.records = records;
    }

    /** What such a body is, in words for whoever sent something else. */
    String records() {
        return records;
    }
}
