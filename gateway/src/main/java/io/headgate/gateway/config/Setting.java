package io.headgate.gateway.config;

import org.jspecify.annotations.Nullable;

/**
 * One value as it was given.
 *
 * @param value its text; null where a key stands without a value
 * @param where the file and line, or the name of the variable
 */
record Setting(@Nullable String value, String where) {}
