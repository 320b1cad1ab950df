package io.headgate.schema;

/**
 * A type with what is needed to decode its values, nested ones within it: made once per table, shared by all threads.
 */
sealed interface Shape {
    ColumnType type();

    /** Whether there may be a null in its place. */
    boolean nullable();

    /** Anything that is not nested. */
    record Scalar(ColumnType type, boolean nullable) implements Shape {}

    record Struct(ColumnType type, boolean nullable, RecordFields fields) implements Shape {}

    record Array(ColumnType type, boolean nullable, Shape element) implements Shape {}

    /** @param number which one of the table's it is, from 0 */
    record Map(ColumnType type, boolean nullable, ColumnType key, Shape value, int number) implements Shape {}

    /** Numbers what a table has, so that whoever decodes can keep something for each. */
    final class Numbers {
        private int fields;
        private int maps;

        /** Numbers the next so many fields. */
        int takeFields(int count) {
            int first = fields;
            fields += count;
            return first;
        }

        /** How many fields were numbered, columns included. */
        int fields() {
            return fields;
        }

        int maps() {
            return maps;
        }
    }

    static Shape of(ColumnType type, boolean nullable, Numbers numbers) {
        if (type instanceof ColumnType.Struct struct) {
            return new Struct(type, nullable, new RecordFields(struct.fields(), numbers));
        }
        if (type instanceof ColumnType.Array array) {
            return new Array(type, nullable, of(array.element(), array.containsNull(), numbers));
        }
        if (type instanceof ColumnType.Map map) {
            int number = numbers.maps++;
            return new Map(type, nullable, map.key(), of(map.value(), map.valueContainsNull(), numbers), number);
        }
        return new Scalar(type, nullable);
    }
}
