package io.headgate.auth;

import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claim {@code authorization_details} (RFC 9396) in the form that Zerobus clients ask for: entries of type
 * {@code unity_catalog_privileges}. To us a TABLE entry with MODIFY is the whole grant; what else an entry says, and
 * entries of any other kind, are left alone, so that tokens made for other readers too work here.
 */
final class AuthorizationDetails {
    static final String CLAIM = "authorization_details";
    static final String TYPE = "unity_catalog_privileges";

    private AuthorizationDetails() {}

    /** The entries that let a token write to {@code tables}, as a Zerobus client would ask for them. */
    static List<Map<String, Object>> toWrite(Collection<TableName> tables) {
        Set<Map<String, Object>> entries = new LinkedHashSet<>();
        for (TableName table : tables) {
            entries.add(entry("CATALOG", table.catalog(), List.of("USE CATALOG")));
            entries.add(entry("SCHEMA", table.catalog() + "." + table.schema(), List.of("USE SCHEMA")));
            entries.add(entry("TABLE", table.toString(), List.of("SELECT", "MODIFY")));
        }
        return new ArrayList<>(entries);
    }

    /** The tables that {@code claim} lets its bearer write to; none if it is absent or of another shape. */
    static Set<TableName> writableTables(@Nullable Object claim) {
        Set<TableName> tables = new LinkedHashSet<>();
        if (claim instanceof Collection<?> entries) {
            for (Object entry : entries) {
                grantOf(entry).ifPresent(tables::add);
            }
        }
        return tables;
    }

    private static Optional<TableName> grantOf(@Nullable Object claimed) {
        if (claimed instanceof Map<?, ?> entry
                && TYPE.equals(entry.get("type"))
                && "TABLE".equals(entry.get("object_type"))
                && entry.get("privileges") instanceof Collection<?> privileges
                && privileges.contains("MODIFY")
                && entry.get("object_full_path") instanceof String path) {
            return tableNamed(path);
        }
        return Optional.empty();
    }

    /** A name that no table of ours can have grants nothing. */
    private static Optional<TableName> tableNamed(String path) {
        try {
            return Optional.of(TableName.parse(path));
        } catch (RefusedException notOurs) {
            return Optional.empty();
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
