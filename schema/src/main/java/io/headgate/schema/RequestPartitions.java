package io.headgate.schema;

import io.headgate.schema.PartitionColumns.Unfit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The partitions that the records of one request are of: not too many, and none that the table cannot have, since a commit
 * could do nothing about that any more. For one thread.
 */
final class RequestPartitions {
    /** Of requests to a table that is not partitioned. */
    static final RequestPartitions NONE = new RequestPartitions(PartitionColumns.NONE, RowLayout.of(List.of()), 1);

    private final PartitionColumns columns;
    private final RowReader reader;
    private final int maxPartitions;
    private final Set<Partition> partitions = new HashSet<>();

    RequestPartitions(PartitionColumns columns, RowLayout layout, int maxPartitions) {
        this.columns = columns;
        this.maxPartitions = maxPartitions;
        reader = new RowReader(layout);
    }

    /** Takes a record, whose row is about to be completed. */
    void add(RowWriter rows, Problems problems) {
        if (columns.isEmpty()) {
            return;
        }
        reader.wrap(rows.rowSoFar()).next();
        Partition partition = columns.of(reader);
        if (partitions.contains(partition)) {
            return;
        }
        Unfit unfit = columns.unfit(partition);
        if (unfit != null) {
            problems.partition(unfit);
        } else if (partitions.size() == maxPartitions) {
            throw Refusals.tooManyPartitions(maxPartitions);
        } else {
            partitions.add(partition);
        }
    }
}
