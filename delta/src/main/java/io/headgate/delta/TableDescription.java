package io.headgate.delta;

import io.headgate.model.TableId;
import io.headgate.model.TableName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A version of a table, as operators want to see it.
 *
 * @param name what it is called
 * @param id what it is
 * @param location where its files are
 * @param version the latest version
 * @param readerVersion {@code protocol.minReaderVersion}
 * @param writerVersion {@code protocol.minWriterVersion}
 * @param features the protocol's table features, sorted
 * @param partitionColumns what it is partitioned by
 * @param properties its properties, sorted
 * @param columns its columns, of whatever type
 * @param refusal why ingest does not take it; empty if it does
 * @param files data files in this version and their bytes, if the version's checksum says so
 */
public record TableDescription(
        TableName name,
        TableId id,
        Path location,
        long version,
        int readerVersion,
        int writerVersion,
        List<String> features,
        List<String> partitionColumns,
        Map<String, String> properties,
        List<Column> columns,
        Optional<String> refusal,
        Optional<Files> files) {
    /**
     * A top-level column.
     *
     * @param name its name
     * @param type its type, as SQL writes it
     * @param nullable whether it may be left out
     */
    public record Column(String name, String type, boolean nullable) {}

    /** How many data files there are and how many bytes they have. */
    public record Files(long count, long sizeBytes) {}
}
