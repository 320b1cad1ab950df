package io.headgate.gateway;

import io.headgate.batching.Append;
import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.StreamLog;
import io.headgate.delta.CommittedRange;
import io.headgate.delta.DirectoryCatalog;
import io.headgate.delta.TableVersion;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import io.headgate.wal.LocalDisk;
import io.headgate.wal.LocalLog;
import io.headgate.wal.LogHead;
import io.headgate.wal.LogMetrics;
import io.headgate.wal.LogReport;
import io.headgate.wal.LogScan;
import io.headgate.wal.Note;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a log has and its tables do not into a new log, with an id of its own, so that a gateway may go on with it
 * where another one commits under the old one's name. The old log is only read; once the new one is used, the old one
 * must not be.
 */
public final class NewLog {
    private static final int BATCH_BYTES = 1 << 20;

    private final GatewayConfig config;
    private final Map<TableName, Long> given;
    private final Map<TableId, Share> shares = new LinkedHashMap<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private NewLog(GatewayConfig config, Map<TableName, Long> given) {
        this.config = config;
        this.given = Map.copyOf(given);
    }

    /**
     * What went into the new log of one table.
     *
     * @param table the table
     * @param from the first position that it does not have
     * @param rows rows from there on
     */
    public record Copied(LoggedTable table, long from, long rows) {}

    /**
     * What was done.
     *
     * @param oldId the old log's id
     * @param newId the new one's
     * @param tables all tables of the old log
     */
    public record Result(String oldId, String newId, List<Copied> tables) {
        public Result {
            tables = List.copyOf(tables);
        }
    }

    /** What the old log has of one table, and notes of it. */
    private static final class Share {
        private LoggedTable table;
        private long lastPosition = -1;
        private long notedTo;
        private long abandonedTo;
        private long from;
        private long copied;

        private Share(LoggedTable table) {
            this.table = table;
        }

        private void note(Note note) {
            notedTo = Math.max(notedTo, note.committedTo());
            abandonedTo = Math.max(abandonedTo, note.abandonedTo());
        }

        private boolean hasRowsFrom(long position) {
            return lastPosition >= position;
        }
    }

    /**
     * Writes the new log. Blocking. If this fails there is no new log, only what was prepared of it beside its place.
     *
     * @param directory the old log, which no process may use
     * @param target a directory that is not there yet; appears once all is durable
     * @param given of tables for which it cannot be told: the first position that they do not have
     * @throws NoSuchFileException if there is no old log
     * @throws FileAlreadyExistsException if the target is there
     * @throws io.headgate.wal.LogInUseException if a process has the old log
     * @throws IOException if it cannot be told which rows a table has, with what to do about it; or the disk fails
     */
    public static Result write(GatewayConfig config, Path directory, Path target, Map<TableName, Long> given)
            throws IOException {
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        LocalDisk disk = LocalDisk.existing(directory);
        LogHead head = LogScan.head(disk).orElseThrow(() -> new NoSuchFileException(directory.toString()));
        try (Closeable lock = disk.lock()) {
            Objects.requireNonNull(lock);
            return new NewLog(config, given).write(disk, head, target.toAbsolutePath());
        }
    }

    private Result write(LocalDisk disk, LogHead head, Path target) throws IOException {
        look(disk);
        DirectoryCatalog catalog = new DirectoryCatalog(config.catalog().path());
        for (Share share : shares.values()) {
            share.from = Math.max(share.abandonedTo, startOf(share, catalog, head));
        }
        Path parent = Objects.requireNonNull(target.getParent(), "a directory lies in another");
        Path draft = target.resolveSibling(target.getFileName() + ".preparing");
        if (Files.exists(draft)) {
            throw new FileAlreadyExistsException(
                    draft.toString(), null, "an earlier attempt left it behind: remove it, then run this again");
        }
        String newId = copy(disk, draft);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel names = FileChannel.open(parent)) {
            names.force(true);
        }
        return new Result(
                head.logId(),
                newId,
                shares.values().stream()
                        .map(share -> new Copied(share.table, share.from, share.copied))
                        .toList());
    }

    private void look(LocalDisk disk) throws IOException {
        LogReport report = LogScan.run(disk, entry -> {
            entry.table().ifPresent(table -> {
                Share share = shares.computeIfAbsent(table.id(), id -> new Share(table));
                share.table = table; // the newest name wins
                entry.note().ifPresent(share::note);
                if (entry.rows().isPresent()) {
                    share.lastPosition = Math.max(share.lastPosition, entry.position());
                }
            });
            return true;
        });
        if (report.damageCount() > 0) {
            throw new IOException("The log in " + disk + " is damaged in " + report.damageCount()
                    + " places, so not all of its rows can be read: 'headgate log check' says where. Repair it first.");
        }
    }

    private long startOf(Share share, DirectoryCatalog catalog, LogHead head) throws IOException {
        Long told = given.get(share.table.name());
        if (told != null) {
            return told;
        }
        if (!share.hasRowsFrom(share.notedTo)) {
            return share.notedTo;
        }
        TableVersion version = versionOf(share, catalog);
        if (version == null) {
            throw cannotTell(share, "it is not in the catalog, or is another table there");
        }
        List<CommittedRange> commits = new ArrayList<>();
        TableVersion.History history = version.commits(commit -> commit.range()
                .filter(range -> range.logId().equals(head.logId()))
                .ifPresent(commits::add));
        Collections.reverse(commits);
        OwnRows own = OwnRows.of(head.runs(), commits, share.notedTo);
        if (!own.told() && !history.isComplete()) {
            throw cannotTell(share, "its history no longer goes back to a commit of this log");
        }
        StreamRange doubtful = own.doubtful().orElse(null);
        if (doubtful != null && share.hasRowsFrom(doubtful.from())) {
            throw cannotTell(
                    share,
                    "positions " + doubtful.from() + " to " + (doubtful.to() - 1)
                            + " may have been in both logs when one was copied, and then are in the table by the"
                            + " other's commit");
        }
        return own.from();
    }

    private static @Nullable TableVersion versionOf(Share share, DirectoryCatalog catalog) throws IOException {
        try {
            TableVersion version = TableVersion.latest(catalog, share.table.name());
            return version.id().equals(share.table.id()) ? version : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static IOException cannotTell(Share share, String why) {
        return new IOException("It cannot be told which rows of " + share.table.name() + " (" + share.table.id()
                + ") are in it: " + why + ". Say which is the first position that it does not have: --from "
                + share.table.name() + "=POSITION; 'headgate log dump' shows them. Nothing was written.");
    }

    private String copy(LocalDisk disk, Path draft) throws IOException {
        try (LocalLog log = LocalLog.openStepwise(
                LocalDisk.at(draft),
                Limits.log(config),
                LogMetrics.none(),
                new SecureRandom(),
                InstantSource.system(),
                System::nanoTime,
                entry -> {},
                failure::set)) {
            log.start(group -> {});
            Copy copy = new Copy(log);
            LogScan.run(disk, entry -> {
                if (entry.rows().isPresent()) {
                    copy.add(entry.rows().get());
                }
                return true;
            });
            copy.force();
            return log.id();
        }
    }

    /** Entries on their way into the new log. */
    private final class Copy {
        private final LocalLog log;
        private long waitingBytes;

        Copy(LocalLog log) {
            this.log = log;
        }

        void add(LogEntry entry) throws IOException {
            Share share = Objects.requireNonNull(
                    shares.get(entry.schema().table().id()), "the log was read before, and is ours");
            if (entry.position() < share.from) {
                return;
            }
            ByteBuffer payload = ByteBuffer.allocate(entry.payload().remaining());
            payload.put(entry.payload().duplicate()).flip();
            Append append =
                    new Append(entry.schema(), entry.rowCount(), entry.receiveTimeMillis(), entry.tags(), payload) {};
            while (log.offer(append) != StreamLog.Offer.ACCEPTED) {
                if (!step()) {
                    throw new IOException(
                            "There is no room for the new log: its disk is full, or its rows take more than"
                                    + " log.max-bytes. Make room, or raise that.");
                }
            }
            share.copied += entry.rowCount();
            waitingBytes += log.sizeOf(append);
            if (waitingBytes >= BATCH_BYTES) {
                force();
            }
        }

        void force() throws IOException {
            waitingBytes = 0;
            while (step()) {
                // Until all is durable.
            }
        }

        private boolean step() throws IOException {
            boolean wrote = log.stepWriter();
            boolean worked = log.stepPreallocator() || wrote;
            Throwable broken = failure.get();
            if (broken != null) {
                throw new IOException("The new log failed: " + broken, broken);
            }
            return worked;
        }
    }
}
