package io.headgate.delta.kernel;

import io.delta.kernel.Snapshot;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that a data file depends on: a table's protocol and metadata at one version (Delta protocol, "Protocol Evolution"
 * and "Change Metadata").
 *
 * @param id {@code metaData.id}
 * @param readerVersion {@code protocol.minReaderVersion}
 * @param writerVersion {@code protocol.minWriterVersion}
 * @param features {@code protocol.readerFeatures} and {@code writerFeatures}
 * @param schemaJson {@code metaData.schemaString}
 * @param partitionColumns {@code metaData.partitionColumns}
 * @param properties {@code metaData.configuration}
 */
public record TableLayout(
        String id,
        int readerVersion,
        int writerVersion,
        Set<String> features,
        String schemaJson,
        List<String> partitionColumns,
        Map<String, String> properties) {
    public TableLayout {
        features = Set.copyOf(features);
        partitionColumns = List.copyOf(partitionColumns);
        properties = Map.copyOf(properties);
    }

    /** The layout of a version. */
    public static TableLayout of(Snapshot snapshot) {
        Protocol protocol = snapshot.getProtocol();
        Metadata metadata = snapshot.getMetadata();
        return new TableLayout(
                metadata.getId(),
                protocol.getMinReaderVersion(),
                protocol.getMinWriterVersion(),
                protocol.getReaderAndWriterFeatures(),
                metadata.getSchemaString(),
                snapshot.getPartitionColumnNames(),
                metadata.getConfiguration());
    }

    /** A whole number among the properties; {@code otherwise} if it is not there or not a whole number above 0. */
    public int intProperty(String key, int otherwise) {
        try {
            int value = Integer.parseInt(properties.getOrDefault(key, ""));
            return value == 0 ? otherwise : value;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
