package io.headgate.delta;

import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.defaults.engine.DefaultParquetHandler;
import io.delta.kernel.engine.MetricsReporter;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.util.List;

/**
 * Kernel's engine on {@link ForcedFileIO}. Hadoop classes are loaded only when a checkpoint is read or written or a data
 * file is read, which is when Kernel's own Parquet code runs; never by a row or a commit.
 */
final class ForcedEngine extends DefaultEngine {
    private final ForcedFileIO fileIO;

    ForcedEngine(ForcedFileIO fileIO) {
        super(fileIO);
        this.fileIO = fileIO;
    }

    /** None: Kernel's own would turn each commit's report into JSON for a log line that nobody reads. */
    @Override
    public List<MetricsReporter> getMetricsReporters() {
        return List.of();
    }

    @Override
    public ParquetHandler getParquetHandler() {
        return new CompleteParquetHandler(fileIO);
    }

    /**
     * Publishes a Parquet file only if its rows were read to their end. Kernel's closes the file also when reading the
     * rows fails, which leaves a valid file that lacks some: a checkpoint that silently drops part of the table
     * (delta-io/delta#7174).
     */
    private static final class CompleteParquetHandler extends DefaultParquetHandler {
        private final ForcedFileIO fileIO;

        CompleteParquetHandler(ForcedFileIO fileIO) {
            super(fileIO);
            this.fileIO = fileIO;
        }

        @Override
        public void writeParquetFileAtomically(String filePath, CloseableIterator<FilteredColumnarBatch> data)
                throws IOException {
            WatchedIterator watched = new WatchedIterator(data);
            new DefaultParquetHandler(fileIO.publishingOnCloseOnlyIf(() -> watched.exhausted))
                    .writeParquetFileAtomically(filePath, watched);
        }
    }

    private static final class WatchedIterator implements CloseableIterator<FilteredColumnarBatch> {
        private final CloseableIterator<FilteredColumnarBatch> data;
        private boolean exhausted;

        WatchedIterator(CloseableIterator<FilteredColumnarBatch> data) {
            this.data = data;
        }

        @Override
        public boolean hasNext() {
            boolean more = data.hasNext();
            exhausted = !more;
            return more;
        }

        @Override
        public FilteredColumnarBatch next() {
            return data.next();
        }

        @Override
        public void close() throws IOException {
            data.close();
        }
    }
}
