package io.headgate.schema;

import io.headgate.model.Excerpt;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one version of a table that the gateway writes where a record does not: those that the table's
 * configuration sets, and those that a caller's grant pins to its subject. Immutable; any thread.
 */
public final class ServerColumns {
    /** None at all. */
    public static final ServerColumns NONE = new ServerColumns(new Entry[0]);

    /** What becomes of a value that a record has. */
    enum WhenSent {
        /** The record is refused. */
        REFUSE,
        /** It stands. */
        KEEP,
        /** It must be the gateway's, else the record is refused. */
        MATCH
    }

    /** One column, by its index in the table. */
    record Entry(int column, ServerValue value, WhenSent whenSent) {}

    /** By column, null where the gateway writes nothing; empty if it writes nowhere. */
    private final @Nullable Entry[] byColumn;

    private final Entry[] entries;

    private ServerColumns(@Nullable Entry[] byColumn) {
        List<Entry> all = new ArrayList<>();
        for (Entry entry : byColumn) {
            if (entry != null) {
                all.add(entry);
            }
        }
        this.entries = all.toArray(Entry[]::new);
        this.byColumn = all.isEmpty() ? new Entry[0] : byColumn;
    }

    /**
     * What the configuration sets.
     *
     * @param configured by the columns' exact names
     * @throws RefusedException NOT_IMPLEMENTED, naming the table, the column and the key, if the table has no such column
     *     or one of another type
     */
    public static ServerColumns of(TableSchema schema, Map<String, SetColumn> configured) {
        @Nullable Entry[] byColumn = new Entry[schema.columns().size()];
        configured.forEach((name, set) -> {
            int column = schema.indexOf(name);
            if (column < 0 || !set.value().fits(schema.columns().get(column).type())) {
                throw unfit(schema, name, set, column).asException();
            }
            byColumn[column] = new Entry(column, set.value(), set.ifAbsent() ? WhenSent.KEEP : WhenSent.REFUSE);
        });
        return new ServerColumns(byColumn);
    }

    private static Refusal unfit(TableSchema schema, String name, SetColumn set, int column) {
        String but = column < 0
                ? "has no column of that name"
                : "has it as " + schema.columns().get(column).type().sqlName() + ", not as "
                        + set.value().types();
        return Refusal.of(
                Refusal.Code.NOT_IMPLEMENTED,
                "Table " + schema.name() + " takes no rows: tables." + schema.name()
                        + ".set-columns says that the column '"
                        + Excerpt.of(name) + "' is set to " + set + ", but the table " + but
                        + ". Have the operator correct the configuration or the table.");
    }

    /**
     * The same for a caller some of whose columns are pinned: they get its subject, and no other value.
     *
     * @param schema what these are the columns of
     * @param pins the columns' exact names
     * @throws RefusedException PERMISSION_DENIED if the table has no such column, or one that is no STRING or is set to
     *     something else
     */
    public ServerColumns pinnedTo(TableSchema schema, Set<String> pins) {
        @Nullable Entry[] pinned = new Entry[schema.columns().size()];
        for (Entry entry : entries) {
            pinned[entry.column] = entry;
        }
        for (String name : pins) {
            int column = schema.indexOf(name);
            Entry set = column < 0 ? null : pinned[column];
            if (column < 0
                    || !ServerValue.SUBJECT.fits(schema.columns().get(column).type())) {
                throw unfit(schema, name, column < 0 ? "there is no such column" : "it is no STRING");
            }
            if (set != null && set.value != ServerValue.SUBJECT) {
                throw unfit(schema, name, "the gateway sets it to " + set.value);
            }
            if (set == null || set.whenSent == WhenSent.KEEP) {
                pinned[column] = new Entry(column, ServerValue.SUBJECT, WhenSent.MATCH);
            }
        }
        return new ServerColumns(pinned);
    }

    private static RefusedException unfit(TableSchema schema, String name, String but) {
        return Refusal.of(
                        Refusal.Code.PERMISSION_DENIED,
                        "The token pins the column '" + Excerpt.of(name) + "' of table " + schema.name()
                                + " to its subject, but " + but
                                + ". Have the operator correct the grant (pinned_columns) or the table.")
                .asException();
    }

    /** Whether the gateway writes no column. */
    public boolean isEmpty() {
        return entries.length == 0;
    }

    /** What the configuration sets the column to; empty if it does not, or if the column is pinned. */
    public Optional<SetColumn> setBy(int column) {
        Entry entry = at(column);
        return entry == null || entry.whenSent == WhenSent.MATCH
                ? Optional.empty()
                : Optional.of(new SetColumn(entry.value, entry.whenSent == WhenSent.KEEP));
    }

    /** Whether the column is pinned to the caller's subject, which a record may have or leave out. */
    public boolean isPinned(int column) {
        Entry entry = at(column);
        return entry != null && entry.whenSent == WhenSent.MATCH;
    }

    @Nullable
    Entry at(int column) {
        return byColumn.length == 0 ? null : byColumn[column];
    }

    /** All of them; not to be changed. */
    Entry[] entries() {
        return entries;
    }
}
