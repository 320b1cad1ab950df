package io.headgate.delta;

import io.delta.kernel.Snapshot;
import io.headgate.batching.Landing;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.RangeTooWideException;
import io.headgate.batching.TableChangedException;
import io.headgate.batching.TableWriter;
import io.headgate.delta.DataFileName.Origin;
import io.headgate.delta.TableCommit.Transaction;
import io.headgate.delta.kernel.LiveFiles;
import io.headgate.delta.kernel.TableLayout;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.model.RefusedException;
import io.headgate.model.StreamRange;
import io.headgate.schema.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits ranges of the log to Delta tables on a local file system: each range one version and one Parquet file with the
 * rows that fit the table, or one for each partition, beside one with those that {@linkplain RejectedFile no longer do}. The version's {@code txn}
 * action carries the range's end under the name {@code headgate/<log id>/<table id>} (Delta protocol,
 * "Transaction Identifiers").
 *
 * <p>The steps of a commit, each on the medium before the next begins: data file; its name in the table's directory; the
 * version's JSON under a temporary name; link(2) to {@code _delta_log/N.json}, which is the commit; the name in {@code
 * _delta_log}. Only then does {@link #commit} return. Kernel builds the transaction on the snapshot that the previous
 * commit left, and may not retry: a version made by somebody else in between is a failure, and what to do about it is
 * the caller's decision.
 *
 * <p>Thread-safe, as {@link TableWriter} says.
 */
public final class DeltaTableWriter implements TableWriter {
    private static final Logger LOG = LoggerFactory.getLogger(DeltaTableWriter.class);

    /** Kernel's default would be 10; a checkpoint costs as much as dozens of commits. */
    private static final int CHECKPOINT_INTERVAL = 100;

    private final String logId;
    private final String run;
    private final Path root;
    private final ParquetSettings parquet;
    private final PartitionLimits partitions;
    private final InstantSource clock;
    private final Executor upkeepExecutor;
    private final Storage storage;
    private final ForcedEngine engine;
    private final TableLoader loader;
    private final LinkProbe linkProbe;
    private final AtomicLong upkeepFailures = new AtomicLong();
    private final Map<LoggedTable, TableState> tables = new ConcurrentHashMap<>();

    /**
     * @param root what tables' locations are relative to, so that it can be moved with rows of its tables pending
     * @param logId names the log whose ranges are committed: 1 to 64 of {@code A-Za-z0-9_-}
     * @param run the log's {@linkplain io.headgate.batching.LogRun#id run} that this process is
     * @param parquet how data files are laid out
     * @param partitions how many of them are written at one time, and for one commit, to a partitioned table
     * @param clock wall time
     * @param upkeepExecutor runs what is not on the path of a commit: checksums and checkpoints
     */
    public DeltaTableWriter(
            Path root,
            String logId,
            String run,
            ParquetSettings parquet,
            PartitionLimits partitions,
            InstantSource clock,
            Executor upkeepExecutor) {
        this(root, logId, run, parquet, partitions, clock, upkeepExecutor, new LocalStorage());
    }

    DeltaTableWriter(
            Path root,
            String logId,
            String run,
            ParquetSettings parquet,
            PartitionLimits partitions,
            InstantSource clock,
            Executor upkeepExecutor,
            Storage storage) {
        this.root = root.toAbsolutePath();
        this.logId = DataFileName.requireLogId(logId);
        this.run = DataFileName.requireRun(run);
        this.parquet = parquet;
        this.partitions = partitions;
        this.clock = clock;
        this.upkeepExecutor = upkeepExecutor;
        this.storage = storage;
        String owner = Leftovers.owner(logId, this.run);
        engine = new ForcedEngine(new ForcedFileIO(storage, owner));
        loader = new TableLoader(engine);
        linkProbe = new LinkProbe(storage, owner);
    }

    /**
     * Makes the first commit of this JVM as quick as later ones, which saves it a second or more. Blocks for about that
     * long; meant for the background while the gateway starts.
     *
     * @param scratch a directory, created if it is not there, to work in; left as it was
     */
    public static void warmUp(Path scratch) throws IOException {
        WarmUp.run(scratch);
    }

    /** Checksums and checkpoints that failed or were given up since the start. They cost speed, never rows. */
    public long upkeepFailures() {
        return upkeepFailures.get();
    }

    @Override
    public TableSnapshot load(LoggedTable table) throws TableChangedException, IOException {
        Path location = location(table);
        requireLog(table, location);
        linkProbe.check(location.resolve("_delta_log"));
        try {
            Snapshot latest = loader.latest(location);
            DeltaSnapshot snapshot =
                    snapshot(table, latest, DeltaSnapshot.commitOf(latest), committedTo(latest, table));
            forceNames(location);
            return snapshot;
        } catch (NoSuchFileException e) {
            throw missing(table, location, e);
        } catch (UnsupportedTableException | RefusedException e) {
            throw new TableChangedException("Table " + table.name() + " cannot be written any more: " + e.getMessage());
        }
    }

    /**
     * A table that is not there may have been dropped, or its storage is not mounted: the rows wait in either case, and
     * only the second mends itself.
     */
    private static void requireLog(LoggedTable table, Path location) throws IOException {
        if (!Files.isDirectory(location.resolve("_delta_log"))) {
            throw missing(table, location, null);
        }
    }

    private static IOException missing(LoggedTable table, Path location, @Nullable IOException cause) {
        return new IOException(
                "Table " + table.name() + " has no Delta log under " + location
                        + ": its storage is not mounted, or it was dropped or moved. Its rows wait in the log; bring the"
                        + " table back.",
                cause);
    }

    private DeltaSnapshot snapshot(LoggedTable table, Snapshot latest, FileIdentity commit, OptionalLong committedTo)
            throws TableChangedException, UnsupportedTableException {
        TableLayout layout = TableLayout.of(latest);
        if (!layout.id().equals(table.id().value())) {
            throw new TableChangedException("Table " + table.name() + " is another one now: its id is " + layout.id()
                    + ", and rows wait for " + table.id() + ". Bring that table back to let them in.");
        }
        List<Column> columns = TableGate.columns(layout);
        warnOfSettings(table, layout);
        List<Column> physical = PhysicalColumns.of(layout, columns);
        return new DeltaSnapshot(latest, commit, layout, columns, physical, committedTo, OptionalLong.empty());
    }

    private void warnOfSettings(LoggedTable table, TableLayout layout) {
        String retention = layout.properties().get("delta.setTransactionRetentionDuration");
        if (retention != null && state(table).warned().compareAndSet(false, true)) {
            LOG.warn(
                    "Table {} forgets transactions after {} (delta.setTransactionRetentionDuration): rows that wait"
                            + " longer than that after the last commit could land twice. Unset it.",
                    table.name(),
                    retention);
        }
    }

    private OptionalLong committedTo(Snapshot snapshot, LoggedTable table) throws IOException {
        try {
            Optional<Long> version = snapshot.getLatestTransactionVersion(
                    engine, state(table).commits().appId());
            return version.isPresent() ? OptionalLong.of(version.get()) : OptionalLong.empty();
        } catch (RuntimeException e) {
            throw new IOException(
                    "The transactions of table " + table.name() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * What was found may be the work of a commit that was cut off before its name was on the medium: by a kill of an
     * earlier process, or by an error in this one. Names must not be believed before they are forced. Those in directories
     * of partitions were, before the commit was made.
     */
    private void forceNames(Path location) throws IOException {
        storage.forceDirectory(location);
        storage.forceDirectory(location.resolve("_delta_log"));
    }

    @Override
    public DataFile write(LoggedTable table, TableSnapshot target, StreamRange range, int attempt, EntrySource entries)
            throws TableChangedException, RangeTooWideException, IOException {
        DeltaSnapshot snapshot = (DeltaSnapshot) target;
        DataFileName name = new DataFileName(logId, range, new Origin(run, attempt));
        Path location = location(table);
        FileColumns columns = FileColumns.of(snapshot);
        ParquetSettings settings = parquet.withIndexedColumns(columns.indexed());
        RangeFiles fitting = new RangeFiles(storage, location, name, snapshot, columns, settings, partitions);
        RejectedRows rejected =
                new RejectedRows(storage, location, RejectedFile.of(location, table.id(), name), settings);
        RangeWriter rows = new RangeWriter(
                table.name(),
                snapshot.columns(),
                columns,
                fitting,
                partitions.maxFiles(),
                rejected,
                () -> requireLatest(table, snapshot));
        state(table).loose().written(name); // also if it fails: half a file may stay
        List<PartitionFile> files = rows.write(entries);
        return new WrittenFile(name, snapshot.layout(), files, fitting.rowCount(), rejected.rowCount());
    }

    /**
     * Rows may be of a newer schema than the version at hand, which may be from our last commit. What the table says now
     * is at least as new as any schema that rows were checked against.
     */
    private void requireLatest(LoggedTable table, DeltaSnapshot snapshot) throws TableChangedException, IOException {
        if (!load(table).sameLayout(snapshot)) {
            throw new TableChangedException(
                    "Table " + table.name() + " changed since version " + snapshot.version() + "; it is loaded again");
        }
    }

    @Override
    public TableSnapshot commit(LoggedTable table, TableSnapshot base, StreamRange range, DataFile file)
            throws IOException {
        DeltaSnapshot snapshot = (DeltaSnapshot) base;
        WrittenFile written = (WrittenFile) file;
        TableState state = state(table);
        CommitAttempt attempt = new CommitAttempt(engine, table, state.commits(), snapshot, range, written);
        state.loose().trying(written.name());
        CommitAttempt.Made made = attempt.run(state.upkeep().lightest(snapshot));
        state.loose().committed(written.name());
        state.upkeep().committed(made.version(), made.hooks(), isCheckpointDue(made.version()));
        tellRejected(table, written);
        return made.version();
    }

    private void tellRejected(LoggedTable table, WrittenFile file) {
        if (file.rejectedRows() > 0) {
            LOG.atWarn()
                    .addKeyValue("table", table.name())
                    .addKeyValue("rejected", file.rejectedRows())
                    .addKeyValue("rows", file.rowCount())
                    .log(
                            "The table changed after rows were accepted, and no longer takes all of them: see {}",
                            RejectedFile.of(location(table), table.id(), file.name())
                                    .path());
        }
    }

    private static boolean isCheckpointDue(DeltaSnapshot made) {
        return made.version() % made.layout().intProperty("delta.checkpointInterval", CHECKPOINT_INTERVAL) == 0;
    }

    @Override
    public boolean tookIn(LoggedTable table, TableSnapshot base, TableSnapshot current, DataFile file)
            throws IOException {
        long first = ((DeltaSnapshot) base).version() + 1;
        WrittenFile written = (WrittenFile) file;
        boolean in = isIn(state(table).commits(), first, written, (DeltaSnapshot) current);
        if (in) {
            state(table).loose().committed(written.name());
            tellRejected(table, written);
        }
        return in;
    }

    /**
     * Where log clean-up took versions' JSON, the table's list of files must do. It no longer has any of them if somebody
     * rewrote them since, and never had one if no row fitted: then nothing says that our commit is in, and what nothing
     * says is not so.
     */
    private boolean isIn(OwnCommits commits, long first, WrittenFile file, DeltaSnapshot current) throws IOException {
        try {
            return commits.anyIsOf(first, current.version(), file);
        } catch (NoSuchFileException e) {
            return new LiveFiles(current.kernel(), engine)
                    .anyMatch(live -> isPartOf(ForcedFileIO.local(live.path()), file));
        }
    }

    private static boolean isPartOf(Path live, WrittenFile file) {
        return DataFileName.parse(live.getFileName().toString()).equals(Optional.of(file.name()));
    }

    @Override
    public boolean isStillThere(LoggedTable table, TableSnapshot version) throws IOException {
        return ((DeltaSnapshot) version).isStillThere();
    }

    @Override
    public Optional<String> committedBy(LoggedTable table, TableSnapshot current) throws IOException {
        return state(table)
                .commits()
                .last(((DeltaSnapshot) current).version())
                .flatMap(TableCommit::range)
                .flatMap(CommittedRange::origin)
                .map(Origin::run);
    }

    @Override
    public Landing landing(LoggedTable table, long position) throws IOException {
        return new CommitSearch(engine, state(table).commits(), table.id(), logId, position).run();
    }

    @Override
    public int removeLeftovers(LoggedTable table, TableSnapshot current, long from) throws IOException {
        return new Leftovers(storage, logId, run)
                .remove(location(table), table.id(), from, state(table).loose().takeAll());
    }

    private TableState state(LoggedTable table) {
        return tables.computeIfAbsent(table, this::newState);
    }

    private TableState newState(LoggedTable table) {
        String appId = Transaction.appId(logId, table.id().value());
        return new TableState(
                new OwnCommits(location(table), appId),
                new TableUpkeep(
                        location(table), appId, loader, clock, upkeepExecutor, System::nanoTime, upkeepFailures),
                new LooseFiles(),
                new AtomicBoolean());
    }

    private Path location(LoggedTable table) {
        return root.resolve(table.location());
    }
}
