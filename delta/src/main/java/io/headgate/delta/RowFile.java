package io.headgate.delta;

import io.delta.kernel.statistics.DataFileStatistics;
import io.delta.kernel.utils.DataFileStatus;
import io.headgate.delta.parquet.ParquetDataFileWriter;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.schema.Column;
import io.headgate.schema.RowReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Parquet file that begins with its first row: where there is none, there is no file. For one thread. */
final class RowFile implements AutoCloseable {
    private final Storage storage;
    private final Path path;
    private final List<Column> columns;
    private final ParquetSettings settings;
    private @Nullable ParquetDataFileWriter file;
    private long rowCount;

    RowFile(Storage storage, Path path, List<Column> columns, ParquetSettings settings) {
        this.storage = storage;
        this.path = path;
        this.columns = columns;
        this.settings = settings;
    }

    long rowCount() {
        return rowCount;
    }

    /** As {@link ParquetDataFileWriter#bufferedBytes}. */
    long bufferedBytes() {
        ParquetDataFileWriter begun = file;
        return begun == null ? 0 : begun.bufferedBytes();
    }

    /** As {@link ParquetDataFileWriter#append}. */
    void append(RowReader row, int[] sources) throws IOException {
        ParquetDataFileWriter begun = file;
        if (begun == null) {
            begun = new ParquetDataFileWriter(ForcedParquetFile.dataFile(storage, path), columns, settings);
            file = begun;
        }
        begun.append(row, sources);
        rowCount++;
    }

    /** Returns once the file and its name are on the medium; empty if there was no row. */
    Optional<DataFileStatus> finish() throws IOException {
        ParquetDataFileWriter begun = file;
        if (begun == null) {
            return Optional.empty();
        }
        DataFileStatistics statistics = begun.finish();
        return Optional.of(new DataFileStatus(
                path.toString(),
                Files.size(path),
                Files.getLastModifiedTime(path).toMillis(),
                Optional.of(statistics)));
    }

    /** Removes what is not finished. */
    @Override
    public void close() throws IOException {
        ParquetDataFileWriter begun = file;
        if (begun != null) {
            begun.close();
        }
    }
}
