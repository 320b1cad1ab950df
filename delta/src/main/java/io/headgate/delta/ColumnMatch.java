package io.headgate.delta;

import io.headgate.batching.TableChangedException;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Fits rows that were accepted under an older schema to the table's current one, by column name: a nullable column that
 * somebody added is NULL in them. Any other difference needs a human: dropping a column silently drops values, and
 * nothing else can be told from a mistake.
 */
final class ColumnMatch {
    private static final int NULL = -1;

    private ColumnMatch() {}

    /**
     * For each column of the table, where rows have it; -1 where they do not and it is NULL.
     *
     * @throws TableChangedException naming what does not fit
     */
    static int[] sources(TableName table, List<Column> rows, List<Column> target) throws TableChangedException {
        Map<String, Integer> missing = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            missing.put(rows.get(i).name(), i);
        }
        int[] sources = new int[target.size()];
        for (int i = 0; i < sources.length; i++) {
            Integer source = missing.remove(target.get(i).name());
            sources[i] =
                    source == null ? added(table, target.get(i)) : same(table, rows.get(source), target.get(i), source);
        }
        if (!missing.isEmpty()) {
            throw changed(table, "column '" + missing.keySet().iterator().next() + "' was dropped or renamed");
        }
        return sources;
    }

    private static int added(TableName table, Column column) throws TableChangedException {
        if (!column.nullable()) {
            throw changed(table, "column '" + column.name() + "' was added as NOT NULL");
        }
        return NULL;
    }

    private static int same(TableName table, Column row, Column target, int source) throws TableChangedException {
        if (row.type() != target.type()) {
            throw changed(
                    table, "column '" + row.name() + "' changed its type from " + row.type() + " to " + target.type());
        }
        if (row.nullable() && !target.nullable()) {
            throw changed(table, "column '" + row.name() + "' became NOT NULL");
        }
        return source;
    }

    private static TableChangedException changed(TableName table, String what) {
        return new TableChangedException("Table " + table + " changed while rows were waiting for it: " + what
                + ". The rows are kept in the log; undo the change to let them in.");
    }
}
