package io.headgate.gateway;

import io.headgate.batching.RecoveredEntries;
import io.headgate.batching.SharedStreams;
import io.headgate.batching.StreamMetrics;
import io.headgate.batching.TableStatus;
import io.headgate.delta.DirectoryCatalog;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.model.TableName;
import io.headgate.wal.LocalDisk;
import io.headgate.wal.LogMetrics;
import io.headgate.wal.LogScan;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;

/** Commits what a process that is gone left in its log, as that process would have at its next start. Serves nobody. */
public final class LogRecovery {
    private static final long POLL_MILLIS = 20;

    private final ConcurrentMap<TableName, Long> rows = new ConcurrentHashMap<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private LogRecovery() {}

    /**
     * What came of it.
     *
     * @param logId the log's id
     * @param committed rows that went into tables now, by table
     * @param left tables that do not have all of their rows, and why
     * @param fencedBy why nothing more may be committed under this log's name; empty if it may
     */
    public record Result(String logId, Map<TableName, Long> committed, List<TableStatus> left, String fencedBy) {
        public Result {
            left = List.copyOf(left);
        }
    }

    /**
     * Takes a log for this process, commits its rows, and lets it go. Rows that are in their tables already are not
     * committed again; what cannot be committed in time stays in the log. Blocking.
     *
     * @param config where the tables are, and all limits
     * @param directory the log
     * @param timeout give up on tables in trouble once no row was committed for this long
     * @throws NoSuchFileException if there is no log
     * @throws io.headgate.wal.LogInUseException if a process has the log
     * @throws IOException if the log cannot be opened, or fails
     */
    public static Result run(GatewayConfig config, Path directory, Duration timeout)
            throws IOException, InterruptedException {
        LocalDisk disk = LocalDisk.existing(directory);
        if (LogScan.head(disk).isEmpty()) {
            throw new NoSuchFileException(directory.toString(), null, "holds no log");
        }
        Threads threads = new Threads();
        try {
            return new LogRecovery().commit(config, disk, timeout, threads);
        } finally {
            threads.close();
        }
    }

    private Result commit(GatewayConfig config, LocalDisk disk, Duration timeout, Threads threads)
            throws IOException, InterruptedException {
        CommitPath path = CommitPath.open(
                config,
                new DirectoryCatalog(config.catalog().path()),
                disk,
                LogMetrics.none(),
                new Counts(),
                new RecoveredEntries(),
                entries -> entries,
                threads,
                failure::set);
        try {
            SharedStreams streams = path.streams();
            streams.start();
            awaitCommits(streams, timeout);
            long left = streams.drain(timeout);
            Throwable broken = failure.get();
            if (broken != null) {
                throw new IOException("The log in " + disk + " failed: " + broken, broken);
            }
            return new Result(path.log().id(), Map.copyOf(rows), left(streams, left), streams.fencedBy());
        } finally {
            path.log().close();
        }
    }

    private void awaitCommits(SharedStreams streams, Duration timeout) throws InterruptedException {
        long pending = Long.MAX_VALUE;
        long progressNanos = System.nanoTime();
        while (canProgress(streams) && System.nanoTime() - progressNanos < timeout.toNanos()) {
            Thread.sleep(POLL_MILLIS);
            long now = streams.tables().stream()
                    .mapToLong(TableStatus::pendingRows)
                    .sum();
            if (now < pending) {
                pending = now;
                progressNanos = System.nanoTime();
            }
        }
    }

    /** A table that changed stays as it is; one whose last attempt failed may just have met another's commit. */
    private boolean canProgress(SharedStreams streams) {
        return failure.get() == null
                && streams.fencedBy().isEmpty()
                && streams.tables().stream()
                        .anyMatch(table -> table.pendingRows() > 0 && table.state() != TableStatus.State.HALTED);
    }

    private static List<TableStatus> left(SharedStreams streams, long rows) {
        return rows == 0
                ? List.of()
                : streams.tables().stream()
                        .filter(table -> table.pendingRows() > 0)
                        .toList();
    }

    private final class Counts implements StreamMetrics {
        @Override
        public void committed(
                TableName table, long count, long rejectedRows, long bytes, long nanos, long oldestRowNanos) {
            rows.merge(table, count, Long::sum);
        }
    }
}
