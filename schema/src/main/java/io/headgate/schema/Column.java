package io.headgate.schema;

import java.util.OptionalInt;

/**
 * A top-level column.
 *
 * @param name as in the table, case included
 * @param type what it holds
 * @param nullable whether a row may leave it out
 * @param id what it is, whatever it is called (Delta protocol, "Column Mapping"), where the table says so
 */
public record Column(String name, ColumnType type, boolean nullable, OptionalInt id) {
    /** A column that is known by its name alone. */
    public Column(String name, ColumnType type, boolean nullable) {
        this(name, type, nullable, OptionalInt.empty());
    }
}
