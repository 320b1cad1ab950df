package io.headgate.delta.parquet;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import io.headgate.schema.ItemReader;
import io.headgate.schema.ValueReader;
import java.util.Iterator;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.schema.MessageType;

/** Makes the appenders for a row group's columns, in the order in which {@link ParquetSchema} has what they come down to. */
final class NestedAppenders {
    private final Iterator<ColumnDescriptor> leaves;
    private final ColumnWriteStore store;

    private NestedAppenders(MessageType schema, ColumnWriteStore store) {
        leaves = schema.getColumns().iterator();
        this.store = store;
    }

    /** One for each column. */
    static ValueAppender[] of(List<Column> columns, MessageType schema, ColumnWriteStore store) {
        NestedAppenders all = new NestedAppenders(schema, store);
        return columns.stream()
                .map(column -> all.of(column.name(), column.type(), level(0, column.nullable()), 0))
                .toArray(ValueAppender[]::new);
    }

    /**
     * @param level the definition level of a value that is there
     * @param repetition the repetition level of what it is in
     */
    private ValueAppender of(String path, ColumnType type, int level, int repetition) {
        if (type instanceof ColumnType.Struct struct) {
            return new StructAppender(struct(path, struct, level, repetition));
        }
        if (type instanceof ColumnType.Array array) {
            TupleAppender.Part element =
                    part(path + ".element", array.element(), array.containsNull(), level + 1, repetition + 1);
            return new ItemsAppender(
                    new TupleAppender(new TupleAppender.Part[] {element}, level + 1), level, repetition);
        }
        if (type instanceof ColumnType.Map map) {
            TupleAppender.Part key = part(path + ".key", map.key(), false, level + 1, repetition + 1);
            TupleAppender.Part value =
                    part(path + ".value", map.value(), map.valueContainsNull(), level + 1, repetition + 1);
            return new ItemsAppender(
                    new TupleAppender(new TupleAppender.Part[] {key, value}, level + 1), level, repetition);
        }
        ColumnDescriptor column = leaves.next();
        return LeafAppender.of(type, column, store.getColumnWriter(column));
    }

    private TupleAppender struct(String path, ColumnType.Struct struct, int level, int repetition) {
        return new TupleAppender(
                struct.fields().stream()
                        .map(field ->
                                part(path + "." + field.name(), field.type(), field.nullable(), level, repetition))
                        .toArray(TupleAppender.Part[]::new),
                level);
    }

    private TupleAppender.Part part(String path, ColumnType type, boolean nullable, int outerLevel, int repetition) {
        return new TupleAppender.Part(path, nullable, of(path, type, level(outerLevel, nullable), repetition));
    }

    private static int level(int outer, boolean nullable) {
        return nullable ? outer + 1 : outer;
    }

    private record StructAppender(TupleAppender fields) implements ValueAppender {
        @Override
        public long append(ValueReader values, int i, int repetition) {
            return fields.append(values.structAt(i), repetition);
        }

        @Override
        public long appendNull(int repetition, int definition) {
            return fields.appendNull(repetition, definition);
        }
    }

    /**
     * Appends arrays and maps.
     *
     * @param item an element, or a key and its value
     * @param level the definition level of an array or map that is there and empty
     * @param outerRepetition the repetition level of what it is in
     */
    private record ItemsAppender(TupleAppender item, int level, int outerRepetition) implements ValueAppender {
        @Override
        public long append(ValueReader values, int i, int repetition) {
            ItemReader items = values.itemsAt(i);
            int count = items.count();
            if (count == 0) {
                return item.appendNull(repetition, level);
            }
            long bytes = item.append(items.at(0), repetition);
            for (int next = 1; next < count; next++) {
                bytes += item.append(items.at(next), outerRepetition + 1);
            }
            return bytes;
        }

        @Override
        public long appendNull(int repetition, int definition) {
            return item.appendNull(repetition, definition);
        }
    }
}
