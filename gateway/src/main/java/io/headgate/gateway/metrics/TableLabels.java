package io.headgate.gateway.metrics;

import io.headgate.model.TableName;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Labels for tables, of which there are never too many: tables beyond the first hundred share one. Any thread. */
final class TableLabels {
    static final String OTHERS = "_other";
    private static final int TABLES_MAX = 100;

    private final Set<TableName> labelled = ConcurrentHashMap.newKeySet();

    /** The table's own name, or what late ones share; always the same for one table. */
    String of(TableName table) {
        if (labelled.contains(table)) {
            return table.toString();
        }
        synchronized (labelled) {
            return labelled.size() < TABLES_MAX && labelled.add(table) ? table.toString() : OTHERS;
        }
    }
}
