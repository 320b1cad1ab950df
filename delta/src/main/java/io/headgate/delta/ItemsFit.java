package io.headgate.delta;

import io.headgate.schema.ColumnType;
import io.headgate.schema.ItemReader;
import io.headgate.schema.RowWriter;
import io.headgate.schema.ValueReader;
import java.util.List;
import java.util.Set;

/** Arrays as their elements go, maps as their keys and values do. */
final class ItemsFit extends ValueFit {
    private final List<Part> parts;
    private final boolean rewrites;
    private final boolean mayFail;

    /**
     * What there is of each item: an element; a key, or a value.
     *
     * @param tightened whether it was allowed to be NULL, and no longer is
     */
    private record Part(String path, ValueFit fit, boolean tightened) {
        boolean mayFail() {
            return tightened || fit.mayFail();
        }

        void problems(ValueReader item, int i, Set<String> found) {
            if (!item.isNull(i)) {
                fit.problems(item, i, found);
            } else if (tightened) {
                found.add(FieldsFit.tightened(path));
            }
        }

        void put(ValueReader item, int i, RowWriter out) {
            if (!item.isNull(i)) {
                fit.put(item, i, out, i);
            }
        }
    }

    private ItemsFit(List<Part> parts) {
        this.parts = parts;
        rewrites = parts.stream().anyMatch(part -> part.fit.rewrites());
        mayFail = parts.stream().anyMatch(Part::mayFail);
    }

    /** @param from an ARRAY or a MAP */
    static ValueFit of(String path, ColumnType from, ColumnType to) {
        if (from instanceof ColumnType.Array rows && to instanceof ColumnType.Array target) {
            return new ItemsFit(List.of(part(
                    path + ".element", rows.element(), target.element(), rows.containsNull(), target.containsNull())));
        }
        if (from instanceof ColumnType.Map rows && to instanceof ColumnType.Map target) {
            return new ItemsFit(List.of(
                    part(path + ".key", rows.key(), target.key(), false, false),
                    part(
                            path + ".value",
                            rows.value(),
                            target.value(),
                            rows.valueContainsNull(),
                            target.valueContainsNull())));
        }
        return new Widening(path, from, to);
    }

    private static Part part(String path, ColumnType from, ColumnType to, boolean wasNullable, boolean nullable) {
        return new Part(path, ValueFit.of(path, from, to), wasNullable && !nullable);
    }

    @Override
    boolean rewrites() {
        return rewrites;
    }

    @Override
    boolean mayFail() {
        return mayFail;
    }

    @Override
    void problems(ValueReader values, int i, Set<String> found) {
        if (!mayFail) {
            return;
        }
        ItemReader items = values.itemsAt(i);
        for (int item = 0; item < items.count(); item++) {
            items.at(item);
            for (int part = 0; part < parts.size(); part++) {
                parts.get(part).problems(items, part, found);
            }
        }
    }

    @Override
    void put(ValueReader values, int i, RowWriter out, int to) {
        ItemReader items = values.itemsAt(i);
        out.beginItems(to);
        for (int item = 0; item < items.count(); item++) {
            items.at(item);
            out.nextItem();
            for (int part = 0; part < parts.size(); part++) {
                parts.get(part).put(items, part, out);
            }
        }
        out.endItems();
    }
}
