package io.headgate.delta;

import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import java.util.ArrayList;
import java.util.List;

/** How many columns of a table get statistics, where structs count as their fields, as they do in Delta. */
final class IndexedColumns {
    private final List<List<String>> needed;
    private int passed;
    private int lastNeeded;

    private IndexedColumns(List<List<String>> needed) {
        this.needed = needed;
    }

    /**
     * As many as are asked for, if there are so many, and all up to the last one that must have them.
     *
     * @param columns as files have them
     * @param asked how many, from the first; below 0 for all
     * @param needed the paths of those that must have them
     */
    static int count(List<Column> columns, int asked, List<List<String>> needed) {
        IndexedColumns indexed = new IndexedColumns(needed);
        indexed.pass(columns, new ArrayList<>());
        return asked < 0 ? indexed.passed : Math.min(indexed.passed, Math.max(asked, indexed.lastNeeded));
    }

    private void pass(List<Column> columns, List<String> path) {
        for (Column column : columns) {
            path.add(column.name());
            if (column.type() instanceof ColumnType.Struct struct) {
                pass(struct.fields(), path);
            } else {
                passed++;
                lastNeeded = needed.contains(path) ? passed : lastNeeded;
            }
            path.remove(path.size() - 1);
        }
    }
}
