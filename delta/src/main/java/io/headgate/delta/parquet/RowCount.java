package io.headgate.delta.parquet;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.apache.parquet.hadoop.metadata.BlockMetaData;

/** How many rows a Parquet file says it has. */
public final class RowCount {
    private RowCount() {}

    /** @throws IOException if the file cannot be read, or is no Parquet file */
    public static long of(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path)) {
            return StoredFooter.read(file).getBlocks().stream()
                    .mapToLong(BlockMetaData::getRowCount)
                    .sum();
        }
    }
}
