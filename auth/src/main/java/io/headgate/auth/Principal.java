package io.headgate.auth;

import io.headgate.model.TableName;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * Who is calling, and what the caller may write.
 *
 * @param subject the caller's name, as the issuer gave it
 * @param writableTables the tables that the caller holds MODIFY on
 * @param pinnedColumns the columns, by exact name, that the caller may fill with its subject only; by table, those
 *     without any left out
 * @param expiresAt when the credentials end
 */
public record Principal(
        String subject, Set<TableName> writableTables, Map<TableName, Set<String>> pinnedColumns, Instant expiresAt) {
    public Principal {
        writableTables = Set.copyOf(writableTables);
        pinnedColumns = Map.copyOf(pinnedColumns);
    }

    /** The columns of {@code table} that this caller may fill with its subject only. */
    public Set<String> pinnedColumns(TableName table) {
        return pinnedColumns.isEmpty() ? Set.of() : pinnedColumns.getOrDefault(table, Set.of());
    }

    /**
     * Checks that this caller may write to {@code table}. Says nothing about whether there is such a table.
     *
     * @throws io.headgate.model.RefusedException PERMISSION_DENIED if not
     */
    public void requireWrite(TableName table) {
        if (!writableTables.contains(table)) {
            throw AuthErrors.missingModify(this, table).asException();
        }
    }
}
