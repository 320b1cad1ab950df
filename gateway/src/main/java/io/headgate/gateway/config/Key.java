package io.headgate.gateway.config;

import java.util.Locale;

/**
 * A key as the section that reads it declares it: all that the reference page says about it.
 *
 * @param name its full name; what operators name themselves is in angle brackets, as in {@code tables.<table>.file-target}
 * @param kind how its value is written
 * @param byDefault the default as one would write it; "required" or "none" where there is none
 * @param range what is accepted, in words; empty if the kind says it all
 * @param description one sentence
 */
record Key(String name, Kind kind, String byDefault, String range, String description) {
    static final String REQUIRED = "required";
    static final String NONE = "none";

    /** How a value is written. */
    enum Kind {
        TEXT("text"),
        WORD("one of"),
        FLAG("true or false"),
        PATH("path"),
        INTEGER("whole number"),
        BYTES("size"),
        DURATION("time"),
        INSTANT("moment"),
        SECRET("secret"),
        LIST("list");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /** The variable that goes before {@code key}: upper case, {@code _} for dots and dashes. */
    static String variable(String key) {
        return Given.VARIABLE_PREFIX
                + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
