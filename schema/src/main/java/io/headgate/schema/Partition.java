package io.headgate.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table's rows with the same values in its partition columns; the one with no values is all of an unpartitioned table.
 *
 * @param values the values as text, in the order of the partition columns, as {@link PartitionColumns} writes it down;
 *     null is NULL
 */
public record Partition(List<@Nullable String> values) {
    public Partition {
        values = Collections.unmodifiableList(new ArrayList<>(values)); // List.copyOf takes no null
    }
}
