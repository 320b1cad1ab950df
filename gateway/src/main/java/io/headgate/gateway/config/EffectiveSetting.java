package io.headgate.gateway.config;

/**
 * A value in force.
 *
 * @param key its key
 * @param value as it was given, or the default; paths in full, secrets masked
 * @param where the file and line or the variable that it came from; empty for a default
 */
public record EffectiveSetting(String key, String value, String where) {
    static final String MASK = "********";
}
