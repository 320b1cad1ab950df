package io.headgate.schema;

import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.util.List;

/**
 * What goes the whole way from a request to a data file. Rows can carry more: tables with that are refused when they are
 * loaded, here and nowhere else.
 */
public final class Supported {
    /** The types. */
    public static final List<ColumnType> TYPES =
            ColumnType.PLAIN.stream().filter(type -> type != ColumnType.BINARY).toList();

    private Supported() {}

    /** @throws RefusedException NOT_IMPLEMENTED, naming the first column that has another type, and its type */
    public static void check(List<Column> columns) {
        for (Column column : columns) {
            if (!TYPES.contains(column.type())) {
                throw Refusal.of(
                                Refusal.Code.NOT_IMPLEMENTED,
                                "Column \"" + Excerpt.of(column.name()) + "\" has the type "
                                        + Excerpt.of(column.type().sqlName())
                                        + ". Headgate cannot write that correctly, so it accepts no rows for the table.")
                        .asException();
            }
        }
    }

    /** For code behind {@link #check} that meets another type all the same. */
    public static IllegalArgumentException unreachable(ColumnType type) {
        return new IllegalArgumentException(type.sqlName() + " is refused when the table is loaded");
    }
}
