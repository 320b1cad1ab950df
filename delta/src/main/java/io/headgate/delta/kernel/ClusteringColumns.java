package io.headgate.delta.kernel;

import io.delta.kernel.Snapshot;
import io.delta.kernel.clustering.ClusteringColumnInfo;
import io.delta.kernel.internal.tablefeatures.TableFeatures;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What a table is clustered by (Delta protocol, "Clustered Table": writers owe statistics for these columns). */
public final class ClusteringColumns {
    private ClusteringColumns() {}

    /** The names of the top-level columns; none if the table is not clustered. */
    public static List<String> of(Snapshot snapshot) {
        if (!TableFeatures.isClusteringTableFeatureSupported(snapshot.getProtocol())) {
            return List.of(); // spares a look through the log
        }
        return snapshot.getClusteringColumnInfos().stream()
                .flatMap(List::stream)
                .flatMap(ClusteringColumns::topLevel)
                .toList();
    }

    private static Stream<String> topLevel(ClusteringColumnInfo column) {
        return Arrays.stream(column.getPhysicalColumn().getNames()).limit(1);
    }
}
