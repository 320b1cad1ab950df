package io.headgate.delta;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Gives columns ids and physical names, at every level, as a writer of a table does that maps its columns. */
final class MappedColumns {
    private int last;

    private MappedColumns() {}

    /** Ids are counted from 1, a struct's before its fields'; physical names are {@code col-ID}. */
    static List<Column> of(List<Column> columns) {
        return new MappedColumns().map(columns);
    }

    private List<Column> map(List<Column> columns) {
        List<Column> mapped = new ArrayList<>();
        for (Column column : columns) {
            int id = ++last;
            mapped.add(new Column(
                    column.name(),
                    map(column.type()),
                    column.nullable(),
                    OptionalInt.of(id),
                    Optional.of("col-" + id)));
        }
        return mapped;
    }

    private ColumnType map(ColumnType type) {
        if (type instanceof ColumnType.Struct struct) {
            return new ColumnType.Struct(map(struct.fields()));
        }
        if (type instanceof ColumnType.Array array) {
            return new ColumnType.Array(map(array.element()), array.containsNull());
        }
        return type instanceof ColumnType.Map map
                ? new ColumnType.Map(map.key(), map(map.value()), map.valueContainsNull())
                : type;
    }
}
