package io.headgate.gateway;

import io.headgate.batching.RecoveredEntries;
import io.headgate.batching.RecoveryConsumer;
import io.headgate.batching.SharedStreams;
import io.headgate.batching.StreamMetrics;
import io.headgate.delta.DeltaTableWriter;
import io.headgate.delta.DirectoryCatalog;
import io.headgate.delta.UnsuitableStorageException;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.wal.Disk;
import io.headgate.wal.LocalLog;
import io.headgate.wal.LogMetrics;
import java.io.IOException;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the log into the tables: what a gateway has in common with whoever recovers another's log.
 *
 * @param log recovered, not yet started: {@link SharedStreams#start} does that
 */
record CommitPath(LocalLog log, DeltaTableWriter writer, SharedStreams streams) {
    private static final Logger LOG = LoggerFactory.getLogger(CommitPath.class);

    /**
     * Recovers the log on {@code disk}.
     *
     * @param recovered takes the recovered entries
     * @param watching put before that
     * @param onFatal told once if the log can no longer keep its promise
     * @throws IOException if the log cannot be opened, or the tables' storage cannot be used at all
     */
    static CommitPath open(
            GatewayConfig config,
            DirectoryCatalog catalog,
            Disk disk,
            LogMetrics logMetrics,
            StreamMetrics streamMetrics,
            RecoveredEntries recovered,
            UnaryOperator<RecoveryConsumer> watching,
            Threads threads,
            Consumer<Throwable> onFatal)
            throws IOException {
        LocalLog log = LocalLog.open(disk, Limits.log(config), logMetrics, watching.apply(recovered), onFatal);
        try {
            String run = log.runs().get(log.runs().size() - 1).id();
            prepare(catalog, log.id(), run);
            DeltaTableWriter writer = new DeltaTableWriter(
                    config.catalog().path(),
                    log.id(),
                    run,
                    Limits.parquet(),
                    Limits.partitions(config),
                    InstantSource.system(),
                    threads.upkeep());
            SharedStreams streams = new SharedStreams(
                    log,
                    recovered,
                    writer,
                    Limits.streams(config),
                    streamMetrics,
                    Limits.commitPace(config),
                    System::nanoTime,
                    new SplittableRandom(),
                    threads.timer(),
                    threads.commits());
            return new CommitPath(log, writer, streams);
        } catch (IOException | RuntimeException e) {
            log.close();
            throw e;
        }
    }

    /** Storage that is read-only, full or away must not keep a gateway from starting: rows wait in the log until it is back. */
    private static void prepare(DirectoryCatalog catalog, String logId, String run) throws IOException {
        try {
            catalog.prepare(logId, run);
        } catch (UnsuitableStorageException e) {
            throw e;
        } catch (IOException e) {
            LOG.warn(
                    "The tables' storage cannot be written to; starting anyway, acked rows wait in the log: {}",
                    e.toString());
        }
    }
}
