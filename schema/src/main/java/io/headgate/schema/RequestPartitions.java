package io.headgate.schema;

import com.fasterxml.jackson.core.JsonParser;
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

    private static final String EXPECTED = "a value that a directory of the table can be named by";

    private final PartitionColumns columns;
    private final RowReader reader;
    private final int maxPartitions;
    private final Set<Partition> partitions = new HashSet<>();

    RequestPartitions(PartitionColumns columns, RowLayout layout, int maxPartitions) {
        this.columns = columns;
        this.maxPartitions = maxPartitions;
        reader = new RowReader(layout);
    }

    /** Takes a record, whose row is about to be completed; the parser is at its end. */
    void add(int record, RowWriter rows, JsonParser json) {
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
            throw Problems.field(record, unfit.column(), json, unfit.reason(), EXPECTED, null);
        }
        if (partitions.size() == maxPartitions) {
            throw Problems.tooManyPartitions(maxPartitions);
        }
        partitions.add(partition);
    }
}
