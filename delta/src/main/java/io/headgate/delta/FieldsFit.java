package io.headgate.delta;

import io.headgate.schema.Column;
import io.headgate.schema.RowWriter;
import io.headgate.schema.ValueReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of a row, or the fields of a struct, become others: see {@link ColumnMatch}. Two are the same if they
 * have the same id, or, where one of them has none, the same name. For one thread.
 */
final class FieldsFit {
    static final int NONE = -1;

    private final int[] sources;
    /** For each of the target's, how its values are made; null if there are none. */
    private final @Nullable ValueFit[] fits;

    private final List<Check> checks = new ArrayList<>();
    private final boolean rewrites;

    /** Something that not every struct meets. */
    @FunctionalInterface
    private interface Check {
        void run(ValueReader values, Set<String> found);
    }

    /**
     * @param prefix what their names have in front of them in messages
     * @param rows what there is
     * @param target what becomes of it
     */
    FieldsFit(String prefix, List<Column> rows, List<Column> target) {
        sources = new int[target.size()];
        fits = new ValueFit[target.size()];
        boolean[] taken = new boolean[rows.size()];
        boolean changed = rows.size() != target.size();
        for (int i = 0; i < sources.length; i++) {
            int source = sourceOf(target.get(i), rows);
            sources[i] = source;
            changed |= source != i;
            String path = prefix + target.get(i).name();
            if (source == NONE) {
                added(path, target.get(i));
            } else {
                taken[source] = true;
                ValueFit fit =
                        ValueFit.of(path, rows.get(source).type(), target.get(i).type());
                fits[i] = fit;
                changed |= fit.rewrites();
                kept(path, source, rows.get(source), target.get(i), fit);
            }
        }
        for (int i = 0; i < taken.length; i++) {
            if (!taken[i]) {
                dropped(prefix + rows.get(i).name(), i);
            }
        }
        rewrites = changed;
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

    private void added(String path, Column target) {
        if (!target.nullable()) {
            checks.add((values, found) -> found.add("column '" + path + "' was added as NOT NULL"));
        }
    }

    private void dropped(String path, int source) {
        checks.add((values, found) -> {
            if (!values.isNull(source)) {
                found.add("column '" + path + "' was dropped, and has a value here");
            }
        });
    }

    private void kept(String path, int source, Column old, Column target, ValueFit fit) {
        boolean tightened = old.nullable() && !target.nullable();
        if (tightened || fit.mayFail()) {
            checks.add((values, found) -> {
                if (!values.isNull(source)) {
                    fit.problems(values, source, found);
                } else if (tightened) {
                    found.add(tightened(path));
                }
            });
        }
    }

    static String tightened(String path) {
        return "column '" + path + "' became NOT NULL, and is NULL here";
    }

    /** For each of the target's, which of the rows' it is; {@link #NONE} if there is none. */
    int[] sources() {
        return sources.clone();
    }

    /** How the values of one of the target's are made; null if there are none. */
    @Nullable
    ValueFit fit(int i) {
        return fits[i];
    }

    /** Whether they are to be written anew, if only in another order. */
    boolean rewrites() {
        return rewrites;
    }

    boolean mayFail() {
        return !checks.isEmpty();
    }

    /** Adds what is wrong with the values, if anything is. */
    void problems(ValueReader values, Set<String> found) {
        for (Check check : checks) {
            check.run(values, found);
        }
    }

    /** Puts the values, with which nothing is wrong, as the target's. */
    void put(ValueReader values, RowWriter out) {
        for (int i = 0; i < sources.length; i++) {
            ValueFit fit = fits[i];
            if (fit != null && !values.isNull(sources[i])) {
                fit.put(values, sources[i], out, i);
            }
        }
    }
}
