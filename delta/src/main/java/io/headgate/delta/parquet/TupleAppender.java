package io.headgate.delta.parquet;

import io.headgate.schema.ValueReader;

/** Moves values that lie side by side: a struct's fields, an array's element, a map's key and value. */
final class TupleAppender {
    /**
     * One of the values.
     *
     * @param path what to call it in a message
     * @param nullable whether it may be NULL
     * @param appender where it goes
     */
    record Part(String path, boolean nullable, ValueAppender appender) {}

    private final Part[] parts;
    private final int level;

    /**
     * @param parts in order
     * @param level the definition level of what they are in, where that is there
     */
    TupleAppender(Part[] parts, int level) {
        this.parts = parts.clone();
        this.level = level;
    }

    long append(ValueReader values, int repetition) {
        long bytes = 0;
        for (int i = 0; i < parts.length; i++) {
            Part part = parts[i];
            if (!values.isNull(i)) {
                bytes += part.appender.append(values, i, repetition);
            } else if (part.nullable) {
                bytes += part.appender.appendNull(repetition, level);
            } else {
                throw nullIn(part.path);
            }
        }
        return bytes;
    }

    long appendNull(int repetition, int definition) {
        long bytes = 0;
        for (Part part : parts) {
            bytes += part.appender.appendNull(repetition, definition);
        }
        return bytes;
    }

    static IllegalArgumentException nullIn(String path) {
        return new IllegalArgumentException("Column '" + path + "' is NOT NULL and a row has no value for it");
    }
}
