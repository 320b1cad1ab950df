package io.headgate.schema;

import io.headgate.model.TableId;
import io.headgate.model.TableName;
import java.util.List;

/**
 * A table as a catalog describes it.
 *
 * @param name what it is called
 * @param id what it is
 * @param location where its files are, as the table writer understands it
 * @param columns its columns, in order
 * @param schemaJson the Delta schema that {@code columns} was read from
 * @param partitionColumns the columns that it is partitioned by, in order; none if it is not
 */
public record TableSchema(
        TableName name,
        TableId id,
        String location,
        List<Column> columns,
        String schemaJson,
        List<String> partitionColumns) {
    public TableSchema {
        columns = List.copyOf(columns);
        partitionColumns = List.copyOf(partitionColumns);
    }

    /** A table that is not partitioned. */
    public TableSchema(TableName name, TableId id, String location, List<Column> columns, String schemaJson) {
        this(name, id, location, columns, schemaJson, List.of());
    }

    /** The index of the column with exactly this name, -1 if there is none. */
    int indexOf(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        return -1;
    }
}
