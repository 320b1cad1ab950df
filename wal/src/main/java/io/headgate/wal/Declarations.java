package io.headgate.wal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables and schemas that one segment declares, numbered from 0 each in the order of their declaration. One thread
 * declares; {@link #schemas} may be asked by any.
 */
final class Declarations {
    private final Map<LoggedTable, Integer> ordinals = new HashMap<>();
    private final Map<LoggedSchema, Integer> ids = new HashMap<>();
    private final List<LoggedTable> tables = new ArrayList<>();
    private volatile List<LoggedSchema> schemas = List.of();

    /** The same declarations, to go their own way. */
    Declarations copy() {
        Declarations copy = new Declarations();
        copy.ordinals.putAll(ordinals);
        copy.ids.putAll(ids);
        copy.tables.addAll(tables);
        copy.schemas = schemas;
        return copy;
    }

    /** Bytes of the entries that must come before the first entry under {@code schema}; 0 if it is declared. */
    int bytesToDeclare(LoggedSchema schema) {
        if (hasSchema(schema)) {
            return 0;
        }
        int schemaBytes = LogFormat.ENTRY_HEADER_BYTES + schemaPayload(schema).length;
        return hasTable(schema.table()) ? schemaBytes : schemaBytes + tableBytes(schema.table());
    }

    /** Bytes of the entry that declares a table. */
    static int tableBytes(LoggedTable table) {
        int bytes = LogFormat.ENTRY_HEADER_BYTES;
        for (byte[] part : tablePayload(table)) {
            bytes += Integer.BYTES + part.length;
        }
        return bytes;
    }

    /** The parts of a table entry's payload. */
    static List<byte[]> tablePayload(LoggedTable table) {
        return List.of(
                table.id().value().getBytes(UTF_8),
                table.name().toString().getBytes(UTF_8),
                table.location().getBytes(UTF_8));
    }

    static byte[] schemaPayload(LoggedSchema schema) {
        return schema.schemaJson().getBytes(UTF_8);
    }

    boolean hasTable(LoggedTable table) {
        return ordinals.containsKey(table);
    }

    boolean hasSchema(LoggedSchema schema) {
        return ids.containsKey(schema);
    }

    /** Declares a table; returns its ordinal. */
    int add(LoggedTable table) {
        tables.add(table);
        ordinals.put(table, tables.size() - 1);
        return tables.size() - 1;
    }

    /** Declares a schema; returns its id. */
    int add(LoggedSchema schema) {
        List<LoggedSchema> more = new ArrayList<>(schemas);
        more.add(schema);
        schemas = List.copyOf(more);
        ids.put(schema, more.size() - 1);
        return more.size() - 1;
    }

    /** Declares a schema, and its table, where that is missing. */
    void ensure(LoggedSchema schema) {
        if (!hasSchema(schema)) {
            if (!hasTable(schema.table())) {
                add(schema.table());
            }
            add(schema);
        }
    }

    /** The id of a declared schema. */
    int idOf(LoggedSchema schema) {
        return declared(ids.get(schema));
    }

    /** The ordinal of a declared schema's table. */
    int ordinalOf(int schemaId) {
        return ordinalOf(schemas.get(schemaId).table());
    }

    /** The ordinal of a declared table. */
    int ordinalOf(LoggedTable table) {
        return declared(ordinals.get(table));
    }

    private static int declared(@Nullable Integer number) {
        if (number == null) {
            throw new IllegalStateException("Not declared in this segment");
        }
        return number;
    }

    /** By ordinal, all tables declared so far; for the declaring thread. */
    List<LoggedTable> tables() {
        return tables;
    }

    /** By id, all schemas declared so far. */
    List<LoggedSchema> schemas() {
        return schemas;
    }
}
