package io.headgate.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * That the gateway writes a column of a table, as the configuration says it.
 *
 * @param value what it writes
 * @param ifAbsent whether a value that a record has stands; otherwise a record that has one is refused
 */
public record SetColumn(ServerValue value, boolean ifAbsent) {
    private static final String IF_ABSENT = "-if-absent";

    /** All there are, as {@link #parse} reads them. */
    public static List<String> words() {
        List<String> words = new ArrayList<>();
        for (ServerValue value : ServerValue.values()) {
            words.add(value.toString());
            words.add(value + IF_ABSENT);
        }
        return words;
    }

    /**
     * Reads a value's name, with {@code -if-absent} after it if that is meant.
     *
     * @throws IllegalArgumentException if {@code word} is not one of {@link #words}
     */
    public static SetColumn parse(String word) {
        for (ServerValue value : ServerValue.values()) {
            if (word.equals(value.toString()) || word.equals(value + IF_ABSENT)) {
                return new SetColumn(value, word.endsWith(IF_ABSENT));
            }
        }
        throw new IllegalArgumentException("is not one of: " + String.join(", ", words()));
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return ifAbsent ? value + IF_ABSENT : value.toString();
    }
}
