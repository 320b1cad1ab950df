package io.headgate.schema;

import com.fasterxml.jackson.core.JsonStreamContext;
import io.headgate.model.Excerpt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where in a record the parser is: {@code $.readings[3].temp}, {@code $.labels['Line 4']}. Read off what the parser knows
 * anyway, so it costs nothing until it is asked for. Keys of maps are always in quotes, and cut, since they are data.
 */
final class JsonPath {
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** Marks an object as a map. */
    static final Object MAP = new Object();

    private JsonPath() {}

    /** @param around what surrounds the record: the path begins within it */
    static String of(JsonStreamContext at, JsonStreamContext around) {
        StringBuilder path = new StringBuilder("$");
        append(path, at, around);
        return path.toString();
    }

    /** A path with one more name. */
    static String child(String path, String name) {
        return appendName(new StringBuilder(path), name).toString();
    }

    private static StringBuilder appendName(StringBuilder path, String name) {
        return PLAIN_NAME.matcher(name).matches()
                ? path.append('.').append(name)
                : path.append("['").append(name).append("']");
    }

    /** No deeper than the schema is: nobody asks for a path within what has none. */
    private static void append(StringBuilder path, JsonStreamContext at, JsonStreamContext around) {
        if (at == around) {
            return;
        }
        append(path, at.getParent(), around);
        if (at.inArray()) {
            path.append('[').append(at.getCurrentIndex()).append(']');
        } else if (isMap(at)) {
            path.append("['").append(Excerpt.of(at.getCurrentName())).append("']");
        } else {
            appendName(path, at.getCurrentName());
        }
    }

    /** The column or field that the place is in, whatever the elements and keys between; null if it is in none. */
    static @Nullable String field(JsonStreamContext at, JsonStreamContext around) {
        JsonStreamContext within = at;
        while (within != around && (within.inArray() || isMap(within))) {
            within = within.getParent();
        }
        return within == around ? null : within.getCurrentName();
    }

    private static boolean isMap(JsonStreamContext context) {
        return context.getCurrentValue() == MAP;
    }
}
