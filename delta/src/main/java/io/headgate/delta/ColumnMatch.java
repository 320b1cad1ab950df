package io.headgate.delta;

import io.headgate.schema.Column;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowReader;
import io.headgate.schema.RowWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fits rows that were accepted under an older schema to the table's current one. Two columns are the same if they have
 * the same id, or, where one of them has none, the same name; and so are two fields of a struct. A row fits if nothing of
 * it gets lost and nothing that the table demands is missing:
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
    private static final int INITIAL_BYTES = 256;

    private final FieldsFit fields;
    private final boolean rewrites;
    /** For each column of the rows, how its values are made those of the table's; null if the table has none. */
    private final @Nullable ValueFit[] fitOfSource;

    private final RowLayout layout;
    private final RowReader rewritten;

    /**
     * @param rows the columns that rows were accepted under
     * @param target the table's
     */
    ColumnMatch(List<Column> rows, List<Column> target) {
        fields = new FieldsFit("", rows, target);
        fitOfSource = new ValueFit[rows.size()];
        List<Column> fitted = new ArrayList<>(rows);
        boolean changed = false;
        int[] sources = fields.sources();
        for (int i = 0; i < sources.length; i++) {
            ValueFit fit = fields.fit(i);
            if (fit != null) {
                int source = sources[i];
                fitOfSource[source] = fit;
                changed |= fit.rewrites();
                fitted.set(
                        source,
                        new Column(rows.get(source).name(), target.get(i).type(), true));
            }
        }
        rewrites = changed;
        layout = RowLayout.of(fitted);
        rewritten = new RowReader(layout);
    }

    /** For each column of the table, where a {@linkplain #fit fitted} row has it; -1 where it does not and it is NULL. */
    int[] sources() {
        return fields.sources();
    }

    /** Why the reader's current row does not fit, column by column; null if it does. */
    @Nullable
    String misfit(RowReader row) {
        if (!fields.mayFail()) {
            return null;
        }
        Set<String> problems = new LinkedHashSet<>();
        fields.problems(row, problems);
        return problems.isEmpty() ? null : String.join("; ", problems);
    }

    /** The reader's current row, which fits, with the types of the table; valid until the next call. */
    RowReader fit(RowReader row) {
        if (!rewrites) {
            return row;
        }
        RowWriter out = new RowWriter(layout, INITIAL_BYTES, Integer.MAX_VALUE, bytes -> true);
        out.beginRow();
        for (int i = 0; i < fitOfSource.length; i++) {
            ValueFit fit = fitOfSource[i];
            if (fit != null && !row.isNull(i)) {
                fit.put(row, i, out, i);
            }
        }
        out.endRow();
        rewritten.wrap(out.payload()).next();
        return rewritten;
    }
}
