package io.headgate.delta;

import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.delta.kernel.utils.FileStatus;
import io.headgate.delta.batch.BatchFile;
import io.headgate.delta.batch.ParquetBatches;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Kernel's way to the Parquet files of a table: those of a checkpoint, and data files that are read. */
final class ForcedParquetHandler implements ParquetHandler {
    private final ForcedFileIO fileIO;

    ForcedParquetHandler(ForcedFileIO fileIO) {
        this.fileIO = fileIO;
    }

    /** Reads all rows: a predicate may be used to leave out some, and need not. */
    @Override
    public CloseableIterator<FileReadResult> readParquetFiles(
            CloseableIterator<FileStatus> files, StructType schema, Optional<Predicate> predicate) {
        return files.flatMap(file -> new ParquetBatches(ForcedFileIO.local(file.getPath()), schema)
                .map(batch -> new FileReadResult(batch, file.getPath())));
    }

    @Override
    public CloseableIterator<DataFileStatus> writeParquetFiles(
            String directory, CloseableIterator<FilteredColumnarBatch> data, List<Column> statistics) {
        throw new UnsupportedOperationException("Data files are written by " + RowFile.class.getSimpleName());
    }

    /**
     * Publishes a file, such as a checkpoint, only if its rows were read to their end. Kernel's own does so also when
     * reading them fails, which leaves a valid file that lacks some: a checkpoint that silently drops part of the table
     * (delta-io/delta#7174).
     */
    @Override
    public void writeParquetFileAtomically(String path, CloseableIterator<FilteredColumnarBatch> data)
            throws IOException {
        try (data) {
            BatchFile.write(fileIO.newParquetFile(path), data);
        }
    }
}
