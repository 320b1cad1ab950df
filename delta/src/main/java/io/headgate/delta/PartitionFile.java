package io.headgate.delta;

import io.delta.kernel.utils.DataFileStatus;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A data file with rows of one partition.
 *
 * @param partition the values of the table's partition columns, as its log has them; empty if it has no such columns
 * @param status where the file is and what is in it, as Kernel takes it
 */
record PartitionFile(Map<String, @Nullable String> partition, DataFileStatus status) {
    PartitionFile {
        partition = Collections.unmodifiableMap(new LinkedHashMap<>(partition)); // Map.copyOf takes no null
    }
}
