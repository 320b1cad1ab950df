package io.headgate.delta;

import io.delta.kernel.defaults.engine.DefaultExpressionHandler;
import io.delta.kernel.defaults.engine.DefaultFileSystemClient;
import io.delta.kernel.defaults.engine.DefaultJsonHandler;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.ExpressionHandler;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.engine.MetricsReporter;
import io.delta.kernel.engine.ParquetHandler;
import java.util.List;

/**
 * Kernel's engine on {@link ForcedFileIO}: of Kernel's own default engine those parts that need no Hadoop, and our way to
 * Parquet files.
 */
final class ForcedEngine implements Engine {
    private final ForcedFileIO fileIO;

    ForcedEngine(ForcedFileIO fileIO) {
        this.fileIO = fileIO;
    }

    @Override
    public ExpressionHandler getExpressionHandler() {
        return new DefaultExpressionHandler();
    }

    @Override
    public JsonHandler getJsonHandler() {
        return new DefaultJsonHandler(fileIO);
    }

    @Override
    public FileSystemClient getFileSystemClient() {
        return new DefaultFileSystemClient(fileIO);
    }

    @Override
    public ParquetHandler getParquetHandler() {
        return new ForcedParquetHandler(fileIO);
    }

    /** None: Kernel's own would turn each commit's report into JSON for a log line that nobody reads. */
    @Override
    public List<MetricsReporter> getMetricsReporters() {
        return List.of();
    }
}
