package io.headgate.delta.parquet;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;

/** How many rows a Parquet file says it has. */
public final class RowCount {
    private RowCount() {}

    /** @throws IOException if the file cannot be read, or is no Parquet file */
    public static long of(Path file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(
                new LocalInputFile(file),
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
            return reader.getRecordCount();
        } catch (RuntimeException e) {
            throw new IOException("Not a whole Parquet file: " + e.getMessage(), e);
        }
    }
}
