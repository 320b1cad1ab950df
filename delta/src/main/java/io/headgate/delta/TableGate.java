package io.headgate.delta;

import io.headgate.delta.kernel.TableLayout;
import io.headgate.schema.Column;
import io.headgate.schema.PartitionColumns;
import io.headgate.schema.SchemaJson;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a table may use for us to write it. This is the only gate there is: Kernel refuses much of the rest in {@code
 * transformLogicalData} alone, which our own Parquet writer does not go through, and some of it nowhere.
 *
 * <p>A feature of the protocol comes first: by the Delta protocol ("Table Features"), whatever a writer must know of is
 * one, or is implied by a legacy writer version from 2 to 6. A few of them ask nothing of a writer until the schema or
 * a property makes use of them, which is looked at next. Everything that is let through has a test which commits to
 * such a table. A property that is listed nowhere here asks nothing of an appending writer.
 */
final class TableGate {
    /** An append is right on these as Kernel commits it. */
    private static final Set<String> SUPPORTED = Set.of(
            "appendOnly",
            "changeDataFeed",
            "clustering",
            "columnMapping",
            "deletionVectors",
            "domainMetadata",
            "inCommitTimestamp",
            "rowTracking",
            "timestampNtz",
            "v2Checkpoint");

    /** These are fine as long as nothing in the table uses them, which {@link #inUse} finds out. */
    private static final Set<String> SUPPORTED_UNUSED =
            Set.of("allowColumnDefaults", "checkConstraints", "generatedColumns", "identityColumns", "invariants");

    /** Keys in a column's metadata that make a writer compute or check values. */
    private static final Map<String, String> COLUMN_KEYS = Map.of(
            "CURRENT_DEFAULT", "allowColumnDefaults (a column has a DEFAULT)",
            "delta.generationExpression", "generatedColumns",
            "delta.identity.start", "identityColumns",
            "delta.invariants", "invariants");

    private static final int READER_VERSION_MAX = 3;
    private static final int WRITER_VERSION_MAX = 7;

    private TableGate() {}

    /**
     * A table's columns, if we can write to all of it.
     *
     * @throws UnsupportedTableException naming what of the table we cannot write
     * @throws io.headgate.model.RefusedException NOT_IMPLEMENTED, naming the column that rows cannot carry
     */
    static List<Column> columns(TableLayout table) throws UnsupportedTableException {
        check(table);
        List<Column> columns = SchemaJson.parse(table.schemaJson());
        PartitionColumns.of(columns, table.partitionColumns());
        PhysicalColumns.of(table, columns);
        return columns;
    }

    private static void check(TableLayout table) throws UnsupportedTableException {
        checkVersions(table);
        for (String feature : table.features()) {
            if (!SUPPORTED.contains(feature) && !SUPPORTED_UNUSED.contains(feature)) {
                throw unsupported("the table feature '" + feature + "'");
            }
        }
        inUse(table);
    }

    private static void checkVersions(TableLayout table) throws UnsupportedTableException {
        if (table.readerVersion() > READER_VERSION_MAX || table.writerVersion() > WRITER_VERSION_MAX) {
            throw unsupported("protocol versions " + table.readerVersion() + " (reader) and " + table.writerVersion()
                    + " (writer), newer than " + READER_VERSION_MAX + " and " + WRITER_VERSION_MAX);
        }
    }

    private static void inUse(TableLayout table) throws UnsupportedTableException {
        for (Map.Entry<String, String> property : table.properties().entrySet()) {
            checkProperty(property.getKey(), property.getValue());
        }
        for (Map.Entry<String, String> key : COLUMN_KEYS.entrySet()) {
            if (mentions(table.schemaJson(), key.getKey())) {
                throw unsupported("the table feature " + key.getValue());
            }
        }
    }

    private static void checkProperty(String key, String value) throws UnsupportedTableException {
        if (key.startsWith("delta.constraints.")) {
            throw unsupported("the table feature checkConstraints ('" + key + "')");
        }
        boolean iceberg = key.startsWith("delta.enableIcebergCompat") || key.startsWith("delta.enableIcebergWriter");
        if (iceberg && !value.equalsIgnoreCase("false")) {
            throw unsupported("the property '" + key + "'");
        }
        if (key.equals("delta.universalFormat.enabledFormats") && !value.isBlank()) {
            throw unsupported("the property '" + key + "' (" + value + ")");
        }
    }

    /** Whether a key stands in a schema's JSON. A column that is called so is refused too, which hurts nobody. */
    private static boolean mentions(String schemaJson, String key) {
        return schemaJson.contains('"' + key + '"');
    }

    static UnsupportedTableException unsupported(String what) {
        return new UnsupportedTableException(
                "The table uses " + what + ", which Headgate cannot write correctly. Write to a table without it.");
    }
}
