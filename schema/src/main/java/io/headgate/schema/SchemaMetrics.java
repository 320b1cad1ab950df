package io.headgate.schema;

import io.headgate.model.TableName;

/** What the schema cache tells of its work. Called on event loops and catalog threads: return quickly, never throw. */
public interface SchemaMetrics {
    /** Tells nobody. */
    SchemaMetrics NONE = new SchemaMetrics() {};

    /** A request was answered from what is remembered. */
    default void remembered() {}

    /** The catalog told about {@code table}: its schema, that there is none, or that it cannot be written. */
    default void loaded(TableName table) {}

    /** The catalog could not tell about {@code table}; asked again when next needed. */
    default void loadFailed(TableName table, Throwable cause) {}
}
