package io.headgate.delta.kernel;

import io.delta.kernel.Snapshot;
import io.delta.kernel.internal.tablefeatures.TableFeatures;
import java.util.List;

/** What a table is clustered by (Delta protocol, "Clustered Table": writers owe statistics for these columns). */
public final class ClusteringColumns {
    private ClusteringColumns() {}

    /** The paths of the columns as files have them; none if the table is not clustered. */
    public static List<List<String>> of(Snapshot snapshot) {
        if (!TableFeatures.isClusteringTableFeatureSupported(snapshot.getProtocol())) {
            return List.of(); // spares a look through the log
        }
        return snapshot.getClusteringColumnInfos().stream()
                .flatMap(List::stream)
                .map(column -> List.of(column.getPhysicalColumn().getNames()))
                .toList();
    }
}
