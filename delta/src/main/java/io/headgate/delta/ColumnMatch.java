package io.headgate.delta;

import io.headgate.schema.Column;
import io.headgate.schema.RowReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fits rows that were accepted under an older schema to the table's current one. Two columns are the same if they have
 * the same id, or, where one of them has none, the same name. A row fits if nothing of it gets lost and nothing that the
 * table demands is missing:
 *
 * <ul>
 *   <li>what the table has more is NULL, if it may be;
 *   <li>what the table has no longer is NULL in the row;
 *   <li>what became NOT NULL has a value in the row;
 *   <li>what changed its type {@linkplain Widening widens}, or is NULL in the row.
 * </ul>
 *
 * <p>For one thread.
 */
final class ColumnMatch {
    private static final int NONE = -1;

    private final int[] sources;
    private final List<Check> checks = new ArrayList<>();
    private final Widening widening;

    /** Something that not every row meets. */
    @FunctionalInterface
    private interface Check {
        /** What is wrong with the row; null if nothing is. */
        @Nullable
        String problem(RowReader row);
    }

    /**
     * @param rows the columns that rows were accepted under
     * @param target the table's
     */
    ColumnMatch(List<Column> rows, List<Column> target) {
        sources = new int[target.size()];
        List<Column> widened = new ArrayList<>(rows);
        boolean[] taken = new boolean[rows.size()];
        for (int i = 0; i < sources.length; i++) {
            int source = sourceOf(target.get(i), rows);
            sources[i] = source;
            if (source == NONE) {
                added(target.get(i));
            } else {
                taken[source] = true;
                widened.set(source, kept(source, rows.get(source), target.get(i)));
            }
        }
        for (int i = 0; i < taken.length; i++) {
            if (!taken[i]) {
                dropped(i, rows.get(i));
            }
        }
        widening = new Widening(rows, widened);
    }

    /** For each column of the table, where a {@linkplain #fit fitted} row has it; -1 where it does not and it is NULL. */
    int[] sources() {
        return sources.clone();
    }

    /** Why the reader's current row does not fit, column by column; null if it does. */
    @Nullable
    String misfit(RowReader row) {
        String problems = null;
        for (Check check : checks) {
            String problem = check.problem(row);
            if (problem != null) {
                problems = problems == null ? problem : problems + "; " + problem;
            }
        }
        return problems;
    }

    /** The reader's current row, which fits, with the types of the table; valid until the next call. */
    RowReader fit(RowReader row) {
        return widening.widen(row);
    }

    private static int sourceOf(Column target, List<Column> rows) {
        for (int i = 0; i < rows.size(); i++) {
            Column row = rows.get(i);
            boolean haveIds = row.id().isPresent() && target.id().isPresent();
            if (haveIds ? row.id().equals(target.id()) : row.name().equals(target.name())) {
                return i;
            }
        }
        return NONE;
    }

    private void added(Column target) {
        if (!target.nullable()) {
            checks.add(row -> "column '" + target.name() + "' was added as NOT NULL");
        }
    }

    private void dropped(int source, Column old) {
        checks.add(row -> row.isNull(source) ? null : "column '" + old.name() + "' was dropped, and has a value here");
    }

    /** What the column's values become. */
    private Column kept(int source, Column old, Column target) {
        if (old.nullable() && !target.nullable()) {
            checks.add(row ->
                    row.isNull(source) ? "column '" + target.name() + "' became NOT NULL, and is NULL here" : null);
        }
        if (old.type().equals(target.type())) {
            return old;
        }
        checks.add(row -> row.isNull(source) || Widening.keeps(row, source, old.type(), target.type())
                ? null
                : "column '" + target.name() + "' changed its type from " + old.type() + " to " + target.type());
        return new Column(old.name(), target.type(), old.nullable());
    }
}
