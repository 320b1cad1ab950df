package io.headgate.delta;

import io.headgate.delta.kernel.ClusteringColumns;
import io.headgate.schema.Column;
import io.headgate.schema.PartitionColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The columns that a table's data files have: all but those that it is partitioned by, whose values its log has; and those
 * too, behind the others, where a property asks for it (Delta RFC "Materialize Partition Columns").
 *
 * @param indexes where among the table's columns each is
 * @param columns what they are, named as in files
 * @param indexed how many of them, from the first, get statistics, as {@link IndexedColumns} counts
 */
record FileColumns(List<Integer> indexes, List<Column> columns, int indexed) {
    private static final String WITH_PARTITION_COLUMNS = "delta.writePartitionColumnsToParquet";

    /** Delta's default for {@code delta.dataSkippingNumIndexedCols}. */
    private static final int INDEXED_COLUMNS = 32;

    FileColumns {
        indexes = List.copyOf(indexes);
        columns = List.copyOf(columns);
    }

    static FileColumns of(DeltaSnapshot snapshot) {
        PartitionColumns partitions = snapshot.partitionColumns();
        List<Integer> indexes = new ArrayList<>(boxed(partitions.otherIndexes()));
        int indexed = indexed(snapshot, columns(snapshot, indexes));
        if ("true".equalsIgnoreCase(snapshot.layout().properties().get(WITH_PARTITION_COLUMNS))) {
            indexes.addAll(boxed(partitions.indexes()));
        }
        return new FileColumns(indexes, columns(snapshot, indexes), indexed);
    }

    private static List<Integer> boxed(int[] indexes) {
        return Arrays.stream(indexes).boxed().toList();
    }

    private static List<Column> columns(DeltaSnapshot snapshot, List<Integer> indexes) {
        return indexes.stream().map(snapshot.physicalColumns()::get).toList();
    }

    /** As many as the table asks for, and all that it is clustered by; never one that it is partitioned by. */
    private static int indexed(DeltaSnapshot snapshot, List<Column> columns) {
        int asked = snapshot.layout().intProperty("delta.dataSkippingNumIndexedCols", INDEXED_COLUMNS);
        return IndexedColumns.count(columns, asked, ClusteringColumns.of(snapshot.kernel()));
    }

    /** For each of the columns where a row has it, of where it has each of the table's. */
    int[] sources(int[] ofTable) {
        return indexes.stream().mapToInt(i -> ofTable[i]).toArray();
    }
}
