package io.headgate.gateway.logging;

import ch.qos.logback.classic.Level;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the output says of itself: what it left out, and why.
 *
 * @param values texts and whole numbers, by field name
 */
record Notice(long millis, Level level, String logger, String message, Map<String, Object> values) implements Line {
    Notice {
        values = new TreeMap<>(values);
    }

    @Override
    public void fields(Fields into) {
        values.forEach((name, value) -> {
            if (value instanceof Long number) {
                into.number(name, number);
            } else {
                into.text(name, value.toString());
            }
        });
    }
}
