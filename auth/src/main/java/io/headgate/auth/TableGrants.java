package io.headgate.auth;

import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the claim {@code authorization_details} lets its bearer do. A restriction holds whichever of a table's entries says
 * it, and one that cannot be read takes the table away: a grant is never wider than somebody meant it.
 *
 * @param writable the tables with an entry that has MODIFY
 * @param pinned the columns that any of a table's entries pins, by table; tables without any are left out
 */
record TableGrants(Set<TableName> writable, Map<TableName, Set<String>> pinned) {
    private static final String PINNED = AuthorizationDetails.PINNED_COLUMNS;

    /** Those of {@code claim}; none if it is absent or of another shape. */
    static TableGrants of(@Nullable Object claim) {
        Set<TableName> writable = new LinkedHashSet<>();
        Map<TableName, Set<String>> pinned = new HashMap<>();
        Set<TableName> unreadable = new HashSet<>();
        if (claim instanceof Collection<?> entries) {
            for (Object claimed : entries) {
                if (claimed instanceof Map<?, ?> entry) {
                    tableOf(entry).ifPresent(table -> add(table, entry, writable, pinned, unreadable));
                }
            }
        }
        writable.removeAll(unreadable);
        pinned.keySet().retainAll(writable);
        return new TableGrants(writable, pinned);
    }

    private static void add(
            TableName table,
            Map<?, ?> entry,
            Set<TableName> writable,
            Map<TableName, Set<String>> pinned,
            Set<TableName> unreadable) {
        if (entry.get("privileges") instanceof Collection<?> privileges && privileges.contains("MODIFY")) {
            writable.add(table);
        }
        if (!entry.containsKey(PINNED)) {
            return;
        }
        Optional<Set<String>> columns = names(entry.get(PINNED));
        if (columns.isEmpty()) {
            unreadable.add(table);
        } else if (!columns.get().isEmpty()) {
            pinned.computeIfAbsent(table, any -> new HashSet<>()).addAll(columns.get());
        }
    }

    /** An array of names, as a set; empty if it is anything else. */
    static Optional<Set<String>> names(@Nullable Object value) {
        if (!(value instanceof Collection<?> values)) {
            return Optional.empty();
        }
        Set<String> names = new LinkedHashSet<>();
        for (Object each : values) {
            if (!(each instanceof String name) || name.isBlank()) {
                return Optional.empty();
            }
            names.add(name);
        }
        return Optional.of(names);
    }

    /** The table that an entry is about; a name that no table of ours can have is none. */
    private static Optional<TableName> tableOf(Map<?, ?> entry) {
        if (!AuthorizationDetails.TYPE.equals(entry.get("type"))
                || !"TABLE".equals(entry.get("object_type"))
                || !(entry.get("object_full_path") instanceof String path)) {
            return Optional.empty();
        }
        try {
            return Optional.of(TableName.parse(path));
        } catch (RefusedException notOurs) {
            return Optional.empty();
        }
    }
}
