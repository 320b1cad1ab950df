package io.headgate.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which column a field of a record is, or which field of a struct. Devices send their fields in the same order again and
 * again, so each one remembers which one came after it, and comparing the next name's bytes with that one's usually settles
 * it; otherwise the name is looked up.
 *
 * <p>Shared by all threads. The memory of who follows whom is a hint, written without synchronisation: a lost or late
 * write costs a look-up.
 */
final class RecordFields {
    /** Stands for the end of a record, and for the place before its first field. */
    private final int end;

    private final List<Column> columns;
    private final Shape[] shapes;
    private final SerializableString[] names;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final int[] followers;
    private final int[] required;
    private final int firstNumber;

    /** @param numbers numbers these fields, and what is within them */
    RecordFields(List<Column> columns, Shape.Numbers numbers) {
        this.columns = columns;
        end = columns.size();
        firstNumber = numbers.takeFields(end);
        shapes = new Shape[end];
        names = new SerializableString[end];
        followers = new int[end + 1];
        for (int i = 0; i < end; i++) {
            Column column = columns.get(i);
            shapes[i] = Shape.of(column.type(), column.nullable(), numbers);
            names[i] = new SerializedString(column.name());
            indexes.put(column.name(), i);
            followers[i] = i + 1;
        }
        required =
                IntStream.range(0, end).filter(i -> !columns.get(i).nullable()).toArray();
    }

    int end() {
        return end;
    }

    /** The number of the first field; the others follow. */
    int firstNumber() {
        return firstNumber;
    }

    Column column(int index) {
        return columns.get(index);
    }

    Shape shape(int index) {
        return shapes[index];
    }

    /** Those that may not be null; not to be changed. */
    int[] required() {
        return required;
    }

    /**
     * Goes on to the next field's name.
     *
     * @param last the column before it, {@link #end} if none was
     * @return its column, {@link #end} if the record ends, -1 if the name is no column's
     */
    int next(JsonParser json, int last) throws IOException {
        int guess = followers[last];
        if (guess == end) {
            json.nextToken();
        } else if (json.nextFieldName(names[guess])) {
            return guess;
        }
        int found = json.currentToken() == JsonToken.END_OBJECT ? end : indexes.getOrDefault(json.currentName(), -1);
        if (found >= 0) {
            followers[last] = found;
        }
        return found;
    }

    /** A column that the name is meant for, should it differ in case alone. */
    @Nullable
    Column similar(String name) {
        for (Column column : columns) {
            if (column.name().equalsIgnoreCase(name)) {
                return column;
            }
        }
        return null;
    }
}
