package io.headgate.delta;

import io.headgate.delta.kernel.TableLayout;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a table's columns are called wherever files are concerned: in data files, in statistics, in partition values. That
 * is their name, or if the table maps its columns (Delta protocol, "Column Mapping") a name that stays when theirs changes,
 * with an id, at every level. The one place that tells the two apart.
 */
final class PhysicalColumns {
    private static final String MODE = "delta.columnMapping.mode";

    private PhysicalColumns() {}

    /**
     * The columns as files have them, in the same order: named as there, with an id where files have that, too.
     *
     * @param columns the table's
     * @throws UnsupportedTableException if the table maps its columns in a way that we do not know, or only some of them
     */
    static List<Column> of(TableLayout table, List<Column> columns) throws UnsupportedTableException {
        String mode = table.properties().getOrDefault(MODE, "none").toLowerCase(Locale.ROOT);
        return switch (mode) {
            case "none" -> columns(columns, "", false);
            case "name", "id" -> columns(columns, "", true); // they differ to readers alone
            default -> throw TableGate.unsupported("the table feature columnMapping (mode " + mode + ")");
        };
    }

    private static List<Column> columns(List<Column> columns, String prefix, boolean mapped)
            throws UnsupportedTableException {
        List<Column> physical = new ArrayList<>();
        for (Column column : columns) {
            String path = prefix + column.name();
            if (mapped && (column.id().isEmpty() || column.physicalName().isEmpty())) {
                throw TableGate.unsupported(
                        "the table feature columnMapping, but its column '" + path + "' has no id or no physical name");
            }
            physical.add(new Column(
                    mapped ? column.physicalName().orElseThrow() : column.name(),
                    type(column.type(), path, mapped),
                    column.nullable(),
                    mapped ? column.id() : OptionalInt.empty(),
                    Optional.empty()));
        }
        return physical;
    }

    private static ColumnType type(ColumnType type, String path, boolean mapped) throws UnsupportedTableException {
        if (type instanceof ColumnType.Struct struct) {
            return new ColumnType.Struct(columns(struct.fields(), path + ".", mapped));
        }
        if (type instanceof ColumnType.Array array) {
            return new ColumnType.Array(type(array.element(), path + ".element", mapped), array.containsNull());
        }
        if (type instanceof ColumnType.Map map) {
            return new ColumnType.Map(map.key(), type(map.value(), path + ".value", mapped), map.valueContainsNull());
        }
        return type;
    }
}
