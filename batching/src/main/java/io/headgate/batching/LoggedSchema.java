package io.headgate.batching;

/**
 * The schema that a payload was encoded under. Opaque to batching and to the log; kept so that rows can be read for as
 * long as the log holds them, whatever becomes of the table.
 *
 * @param table the table
 * @param schemaJson the Delta schema, as in the table's {@code metaData.schemaString}
 */
public record LoggedSchema(LoggedTable table, String schemaJson) {}
