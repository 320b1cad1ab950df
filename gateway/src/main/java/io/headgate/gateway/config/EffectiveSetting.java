package io.headgate.gateway.config;

import java.util.regex.Pattern;

/**
 * A value in force.
 *
 * @param key its key
 * @param value as it was given, or the default; paths in full, secrets masked; empty if there is none
 * @param where the file and line or the variable that it came from; empty for a default
 */
public record EffectiveSetting(String key, String value, String where) {
    static final String MASK = "********";

    /** What YAML reads back as the same text without quotes. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9./_][A-Za-z0-9./_@+-]*");

    /** The setting as a line of a configuration; a comment where there is no value. */
    public String asYaml() {
        if (value.isEmpty()) {
            return "# " + key + ":";
        }
        return key + ": " + (PLAIN.matcher(value).matches() ? value : "'" + value.replace("'", "''") + "'");
    }
}
