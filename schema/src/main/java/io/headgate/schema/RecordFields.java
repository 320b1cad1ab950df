package io.headgate.schema;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    /** One of them, as it is decoded. */
    record Field(Shape shape, boolean isScalar, RecordParser.Name name) {
        private static Field of(Column column, Shape.Numbers numbers) {
            Shape shape = Shape.of(column.type(), column.nullable(), numbers);
            return new Field(shape, shape instanceof Shape.Scalar, new RecordParser.Name(column.name()));
        }
    }

    private final List<Column> columns;
    private final Field[] fields;
    private final Map<String, Integer> indexes = new HashMap<>();
    /** By hash of the name's bytes, a power of two in size: which field it is, from 1; 0 where there is none. */
    private final int[] table;

    private final int[] followers;
    private final int[] required;
    private final int firstNumber;

    /** @param numbers numbers these fields, and what is within them */
    RecordFields(List<Column> columns, Shape.Numbers numbers) {
        this.columns = columns;
        end = columns.size();
        firstNumber = numbers.takeFields(end);
        fields = new Field[end];
        followers = new int[end + 1];
        table = new int[4 * Integer.highestOneBit(end + 1)];
        for (int i = 0; i < end; i++) {
            Column column = columns.get(i);
            fields[i] = Field.of(column, numbers);
            indexes.put(column.name(), i);
            followers[i] = i + 1;
            enter(i);
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

    Field field(int index) {
        return fields[index];
    }

    /** The field that came behind this one before, {@link #end} if it was the last. */
    int follower(int last) {
        return followers[last];
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
    int next(RecordParser json, int last) throws IOException {
        int guess = followers[last];
        if (guess == end) {
            json.nextToken();
        } else if (json.nextFieldName(fields[guess].name.serialized())) {
            return guess;
        }
        int found = json.currentToken() == JsonToken.END_OBJECT ? end : indexes.getOrDefault(json.currentName(), -1);
        if (found >= 0) {
            followers[last] = found;
        }
        return found;
    }

    private void enter(int index) {
        byte[] name = columns.get(index).name().getBytes(StandardCharsets.UTF_8);
        int at = hash(name, 0, name.length) & (table.length - 1);
        while (table[at] != 0) {
            at = (at + 1) & (table.length - 1);
        }
        table[at] = index + 1;
    }

    private static int hash(byte[] bytes, int offset, int length) {
        int hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash ^ (hash >>> 15);
    }

    /**
     * Which field a name is.
     *
     * @param last the field before it, {@link #end} if none was
     * @return -1 if it is no field's
     */
    int find(byte[] text, int offset, int length, int last) {
        int at = hash(text, offset, length) & (table.length - 1);
        while (table[at] != 0) {
            int found = table[at] - 1;
            if (fields[found].name.is(text, offset, length)) {
                followers[last] = found;
                return found;
            }
            at = (at + 1) & (table.length - 1);
        }
        return -1;
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
