package io.headgate.schema;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A column of a table, or a field of a struct.
 *
 * @param name as in the table, case included
 * @param type what it holds
 * @param nullable whether a row may leave it out
 * @param id what it is, whatever it is called (Delta protocol, "Column Mapping"), where the table says so
 * @param physicalName what data files and statistics call it if the table's columns are mapped; none if that is its name.
 *     The table may have one without its columns being mapped: then it counts for nothing
 */
public record Column(String name, ColumnType type, boolean nullable, OptionalInt id, Optional<String> physicalName) {
    /** A column that is known by its name alone. */
    public Column(String name, ColumnType type, boolean nullable) {
        this(name, type, nullable, OptionalInt.empty());
    }

    /** A column that data files call by its name. */
    public Column(String name, ColumnType type, boolean nullable, OptionalInt id) {
        this(name, type, nullable, id, Optional.empty());
    }
}
