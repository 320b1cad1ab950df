package io.headgate.schema;

/**
 * A top-level column.
 *
 * @param name as in the table, case included
 * @param type what it holds
 * @param nullable whether a row may leave it out
 */
public record Column(String name, ColumnType type, boolean nullable) {}
