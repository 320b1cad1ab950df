package io.headgate.auth;

import io.headgate.model.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The claim {@code authorization_details} (RFC 9396) in the form that Zerobus clients ask for: entries of type
 * {@code unity_catalog_privileges}. To us a TABLE entry with MODIFY is the whole grant, and its {@code pinned_columns} bound
 * it; what else an entry says, and entries of any other kind, are left alone, so that tokens made for other readers too
 * work here. {@link TableGrants} reads them.
 */
final class AuthorizationDetails {
    static final String CLAIM = "authorization_details";
    static final String TYPE = "unity_catalog_privileges";

    /** Ours, in entries of tables: columns that get the bearer's subject and nothing else. */
    static final String PINNED_COLUMNS = "pinned_columns";

    private AuthorizationDetails() {}

    /**
     * The entries that let a token write to {@code tables}, as a Zerobus client would ask for them.
     *
     * @param pins columns of each of the tables that get the bearer's subject and nothing else
     */
    static List<Map<String, Object>> toWrite(Collection<TableName> tables, Collection<String> pins) {
        Set<Map<String, Object>> entries = new LinkedHashSet<>();
        for (TableName table : tables) {
            entries.add(entry("CATALOG", table.catalog(), List.of("USE CATALOG")));
            entries.add(entry("SCHEMA", table.catalog() + "." + table.schema(), List.of("USE SCHEMA")));
            Map<String, Object> entry = entry("TABLE", table.toString(), List.of("SELECT", "MODIFY"));
            pin(entry, pins);
            entries.add(entry);
        }
        return new ArrayList<>(entries);
    }

    /** Adds pins to a table's entry, in an order of their own. */
    static void pin(Map<String, Object> entry, Collection<String> pins) {
        if (!pins.isEmpty()) {
            entry.put(PINNED_COLUMNS, pins.stream().sorted().distinct().toList());
        }
    }

    /** One entry; its fields stay in the order in which Zerobus clients send them. */
    static Map<String, Object> entry(String objectType, String path, List<String> privileges) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("type", TYPE);
        entry.put("privileges", privileges);
        entry.put("object_type", objectType);
        entry.put("object_full_path", path);
        return entry;
    }
}
