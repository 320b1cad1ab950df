package io.headgate.batching;

import io.headgate.batching.RecoveredEntries.Recovered;
import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.model.StreamRange;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one table's pending rows from the log into the table, exactly once.
 *
 * <p>Each commit covers the positions [from, to) and leaves {@code to} in the table as our transaction version, in the
 * same Delta commit as the rows. The next commit is tried only on a version of the table whose transaction version is
 * the one we left last: the <em>expected</em> one. Whatever goes wrong, be it a conflict, an I/O error or an answer that
 * got lost, the table is loaded again and its transaction version alone decides:
 *
 * <ol>
 *   <li>it is the expected one: our commit is not in. Try again with the same data file, unless the table's schema,
 *       protocol or properties changed: then write the rows again to fit;
 *   <li>it is {@code to}, we tried, and the table took in our data file: our commit is in, whatever we were told;
 *   <li>it is the one before our last commit, and that is {@linkplain Unconfirmed not confirmed} yet: somebody replaced
 *       it. Commit the same again;
 *   <li>there is none any more, and all that we committed is confirmed: the table forgets transactions. Go on;
 *   <li>it is higher, within what the log held when this process started, and not known to be of a process that is not
 *       ours: a commit of an earlier process of ours arrived late, with the same rows. What it brought needs no commit
 *       any more; go on from there;
 *   <li>it is anything else: somebody else commits under our log's name. We are fenced and stop accepting.
 * </ol>
 *
 * <p>At the first use of a table nothing is expected yet: we go on from the version found there, or from what the log
 * noted of the table if that is higher, and entries below need no commit. A version beyond the end that our log had at
 * the start means that the log lost its end, or that a copy of it is in use; so does one that a process committed which
 * our log does not know: fenced.
 *
 * <p>A commit is <em>durable</em> once it succeeded: its bytes leave the table's budget. It is <em>confirmed</em> once it
 * was seen again: the next commit succeeded on top of it, or a look found it there an interval later. Only then the log
 * is told, and may let go of the rows.
 *
 * <p>One thread at a time.
 */
final class TableCommitter implements CommitScheduler.Task {
    /** Whom the committer tells. */
    interface Listener {
        /** Another process commits under our log's name: nobody may go on. */
        void fenced(String reason);

        /** @throws FencedException if that was seen, at this table or another */
        void requireUnfenced() throws FencedException;

        /** Something of the table was committed or confirmed. */
        void progressed();

        /** The table has not been there for long, and nothing is left to be committed to it: forget it. */
        void gone(Progress progress);
    }

    private static final Logger LOG = LoggerFactory.getLogger(TableCommitter.class);
    private static final Duration FORGET_AFTER = Duration.ofMinutes(10);
    private static final long NOT_KNOWN = -1;

    private final TableStream stream;
    private final LoggedTable table;
    private final PendingRows pending;
    private final Recovered recovered;
    private final StreamLog log;
    private final long recoveredTo;
    private final Lineage lineage;
    private final TableWriter writer;
    private final TableSettings settings;
    private final StreamMetrics metrics;
    private final LongSupplier nanoTime;
    private final Trouble trouble;
    private final CommitTurn turn;
    private final LeftoverFiles leftovers;
    private final Listener listener;
    private final CompletableFuture<TableStream> firstLook = new CompletableFuture<>();

    private volatile boolean hurried;
    private volatile @Nullable Unconfirmed unconfirmed;
    private @Nullable TableSnapshot base;
    private @Nullable OptionalLong expected;
    private Progress progress = Progress.NONE;
    private @Nullable Commit commit;

    /**
     * @param recovered what the log knew of the table when this process started
     * @param recoveredTo the log's end then
     */
    TableCommitter(
            TableStream stream,
            Recovered recovered,
            StreamLog log,
            long recoveredTo,
            TableWriter writer,
            TableSettings settings,
            StreamMetrics metrics,
            LongSupplier nanoTime,
            Trouble trouble,
            CommitTurn turn,
            Listener listener) {
        this.stream = stream;
        this.table = stream.table();
        this.pending = stream.pending();
        this.recovered = recovered;
        this.log = log;
        this.recoveredTo = recoveredTo;
        this.lineage = new Lineage(log.runs());
        this.writer = writer;
        this.settings = settings;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.trouble = trouble;
        this.turn = turn;
        this.leftovers = new LeftoverFiles(table, writer, nanoTime);
        this.listener = listener;
    }

    /** Completes once the table was looked at, or could not be: then the commits find out. */
    CompletableFuture<TableStream> firstLook() {
        return firstLook;
    }

    /** Has the next attempt commit and confirm what there is, due or not. Any thread. */
    void hurry() {
        hurried = true;
    }

    /** Whether something is in the table that the log must keep until it was seen there again. Any thread. */
    boolean isUnconfirmed() {
        return unconfirmed != null;
    }

    @Override
    public long attempt() {
        long pauseNanos = trouble.pauseNanos();
        if (pauseNanos > 0) {
            return pauseNanos; // woken by new rows, which mend nothing
        }
        trouble.attemptBegins();
        try {
            return tryOnce();
        } finally {
            trouble.attemptEnds();
            firstLook.complete(stream);
        }
    }

    private long tryOnce() {
        try {
            boolean now = hurried;
            hurried = false;
            advance(now);
            trouble.healed();
            stream.resume();
            return Math.min(nanosUntilCommit(), nanosUntilLook());
        } catch (FencedException e) {
            failed(e);
            listener.fenced(trouble.problem());
            return CommitScheduler.NEVER;
        } catch (TableChangedException e) {
            long pauseNanos = failed(e);
            stream.halt(trouble.problem());
            if (trouble.age().compareTo(FORGET_AFTER) >= 0 && unconfirmed == null && stream.retire()) {
                listener.gone(progress);
                return CommitScheduler.NEVER;
            }
            return pauseNanos;
        } catch (IOException | RuntimeException | Error e) {
            // Even an Error must not end a table's commits for good: the rows are safe in the log, so try again.
            return failed(e);
        }
    }

    /** Nothing that the failed step held is trusted any more; the next attempt loads the table and decides. */
    private long failed(Throwable cause) {
        base = null;
        metrics.commitFailed(table.name());
        return trouble.failed(cause);
    }

    private long nanosUntilCommit() {
        long delayNanos = pending.delayNanos(intervalNanos(), settings.fileTargetBytes());
        return delayNanos == 0 && !pending.reaches(settings.fileTargetBytes()) ? turn.delayNanos() : delayNanos;
    }

    private long nanosUntilLook() {
        Unconfirmed last = unconfirmed;
        return last == null
                ? CommitScheduler.NEVER
                : Math.max(0, last.sinceNanos() + intervalNanos() - nanoTime.getAsLong());
    }

    private void advance(boolean now) throws FencedException, TableChangedException, IOException {
        listener.requireUnfenced();
        TableSnapshot kept = base;
        if (kept != null) {
            try {
                if (step(kept, now)) {
                    return;
                }
            } catch (TableChangedException e) {
                // Rows may be of a newer schema than the version kept from our last commit: look before judging.
                LOG.debug("Table {}: looking again", table.name(), e);
            }
        }
        TableSnapshot fresh = writer.load(table);
        base = fresh;
        decide(fresh);
        if (!step(fresh, now)) {
            throw new IOException("Table " + table.name() + " changed while it was looked at");
        }
    }

    /** Does what is due on a version of the table; whether that version can be trusted. */
    private boolean step(TableSnapshot current, boolean now)
            throws FencedException, TableChangedException, IOException {
        Commit next = commit;
        if (next == null && (now || nanosUntilCommit() == 0)) {
            next = nextCommit();
            commit = next;
        }
        if (next != null) {
            turn.begins();
            try {
                makeDurable(next, current);
            } finally {
                turn.ends();
            }
            return true;
        }
        return !(now || nanosUntilLook() == 0) || seenAgain(current);
    }

    private @Nullable Commit nextCommit() {
        Extents.Batch batch = pending.take(settings.fileTargetBytes());
        if (batch == null) {
            return null;
        }
        boolean knownFrom = expected().isPresent() || progress.position() > 0;
        long from = knownFrom ? progress.position() : batch.from();
        return new Commit(batch, new StreamRange(from, batch.to()), nanoTime.getAsLong());
    }

    private void makeDurable(Commit next, TableSnapshot current)
            throws FencedException, TableChangedException, IOException {
        DataFile file = fileFor(next, current);
        listener.requireUnfenced(); // while the file was written, another table may have shown it
        next.tries(current, file);
        base = writer.commit(table, current, next.range(), file);
        settle(next, base, base.version());
    }

    private DataFile fileFor(Commit next, TableSnapshot current) throws TableChangedException, IOException {
        while (true) {
            try {
                return next.fileFor(
                        current, attempt -> writer.write(table, current, next.range(), attempt, source(next.batch())));
            } catch (RangeTooWideException e) {
                LOG.debug("Table {}: only to position {} for now", table.name(), e.to(), e);
                shorten(next, e.to());
            }
        }
    }

    /** The entries from a position on are left to the next commit. */
    private void shorten(Commit next, long position) throws IOException {
        Cut cut = new Cut(position);
        StreamRange across = next.batch().across(position);
        if (across != null) {
            log.read(across, table.id(), cut);
        }
        next.shorten(pending.shorten(cut));
    }

    private TableWriter.EntrySource source(Extents.Batch batch) {
        return consumer -> turn.reads(() -> {
            long[] entries = {0};
            long lookedAt = 0;
            for (StreamRange run : batch.runs()) {
                lookedAt += log.read(run, table.id(), entry -> {
                    entries[0]++;
                    consumer.accept(entry);
                });
            }
            return (double) entries[0] / lookedAt;
        });
    }

    /** What the freshly loaded version says of our last commit. */
    private void decide(TableSnapshot fresh) throws FencedException, IOException {
        OptionalLong known = expected;
        OptionalLong found = fresh.committedTo();
        Commit tried = commit;
        Unconfirmed last = unconfirmed;
        if (known == null) {
            firstUse(fresh);
        } else if (found.equals(known)) {
            requireThere(last); // or a rival came to the same position in its place
            unconfirmed = last == null ? null : last.at(fresh);
        } else if (tried != null && tried.isIn(table, fresh, writer)) {
            requireThere(last);
            settle(tried, fresh, NOT_KNOWN);
        } else if (last != null && last.commit() != null && found.equals(last.before())) {
            commitAgain(last, last.commit());
        } else if (found.isEmpty() && last == null) {
            expected = found;
            leftovers.mayBeFrom(-1);
            warnOfForgetting();
        } else if (cameLate(fresh)) {
            goOnFrom(fresh);
        } else {
            throw new FencedException("Table " + table.name() + " was last committed up to " + text(found)
                    + " under the name of log " + log.id() + ", but this process had left it at " + text(known)
                    + ": another process commits for a copy of this log, or the table was restored. This gateway"
                    + " accepts nothing more; stop the other one and restart, or see 'headgate recover"
                    + " --as-new-log'.");
        }
    }

    /** At the first use: goes on from what the table says, or the log knows better. */
    private void firstUse(TableSnapshot fresh) throws FencedException, IOException {
        OptionalLong found = fresh.committedTo();
        requireOurs(fresh);
        drop(recovered.noted().position()); // counted in the note
        pending.confirm();
        long from = Math.max(found.orElse(0), recovered.needlessBelow());
        long rows = recovered.noted().rows() + recovered.goneRows() + drop(from);
        progress = new Progress(from, rows);
        stream.commits().startAt(from);
        expected = found;
        leftovers.mayBeFrom(found.orElse(-1));
        if (found.orElse(0) < recovered.noted().position()) {
            warnOfForgetting();
        }
        if (from > recovered.noted().position()) {
            unconfirmed = new Unconfirmed(fresh, found, progress, progress, null, nanoTime.getAsLong());
        }
    }

    private void requireOurs(TableSnapshot fresh) throws FencedException, IOException {
        OptionalLong found = fresh.committedTo();
        // Not the log's end of now: what this process accepted it alone may commit, and has not beyond what it noted.
        if (found.orElse(0) > Math.max(recoveredTo, recovered.noted().position())) {
            throw new FencedException("Table " + table.name() + " was committed up to " + text(found)
                    + " under the name of log " + log.id() + ", whose end was " + recoveredTo
                    + " when this process started: the log is an old copy or lost its end. This gateway accepts nothing"
                    + " more; restore the log, or see 'headgate recover --as-new-log'.");
        }
        Optional<String> run = found.isPresent() ? writer.committedBy(table, fresh) : Optional.empty();
        if (run.isPresent() && lineage.isForeign(run.get(), found.getAsLong())) {
            throw new FencedException("Table " + table.name() + " was committed up to " + text(found)
                    + " under the name of log " + log.id() + " by run " + run.get()
                    + ", which this log never went through: another process uses a copy of it. This gateway accepts"
                    + " nothing more; stop the other one and restart, or see 'headgate recover --as-new-log'.");
        }
    }

    /** A commit of an earlier process of ours: it may bring what the log held at the start, and nothing else. */
    private boolean cameLate(TableSnapshot fresh) throws IOException {
        long found = fresh.committedTo().orElse(-1);
        if (found <= progress.position() || found > recoveredTo) {
            return false;
        }
        Optional<String> run = writer.committedBy(table, fresh);
        return run.isEmpty() || !(lineage.isForeign(run.get(), found) || lineage.isCurrent(run.get()));
    }

    /** Entries below are in the table; a commit under way is made anew of what is left. */
    private void goOnFrom(TableSnapshot fresh) throws IOException {
        commit = null;
        pending.giveBack();
        OptionalLong found = fresh.committedTo();
        progress = new Progress(found.getAsLong(), progress.rows() + drop(found.getAsLong()));
        stream.commits().startAt(found.getAsLong());
        expected = found;
        // A file of an earlier range may be the one that just arrived.
        leftovers.mayBeFrom(found.getAsLong());
        unconfirmed = new Unconfirmed(fresh, found, progress, progress, null, nanoTime.getAsLong());
        listener.progressed();
    }

    /** Forgets waiting entries below {@code position}; how many rows they held, exactly. */
    private long drop(long position) throws IOException {
        Cut cut = new Cut(position);
        StreamRange across = pending.across(position);
        if (across != null) {
            log.read(across, table.id(), cut);
        }
        return pending.dropBelow(cut);
    }

    /** @param version the version that the commit made, if that is known */
    private void settle(Commit done, TableSnapshot made, long version) {
        confirm(); // what this one was made upon
        DataFile file = done.triedFile();
        if (file == null) {
            throw new IllegalStateException("Nothing was tried");
        }
        Progress before = progress;
        progress = new Progress(done.range().to(), before.rows() + done.batch().rows());
        unconfirmed = new Unconfirmed(made, expected(), before, progress, done, nanoTime.getAsLong());
        expected = OptionalLong.of(done.range().to());
        commit = null;
        done.landed(made.addedRows().orElse(file.rowCount()));
        long oldestRowNanos = pending.settle(done.addedRows(), file.rejectedRows());
        stream.commits().add(done.range().to(), version, file.rejectedRows() == 0);
        if (done.tell()) {
            metrics.committed(
                    table.name(),
                    file.rowCount(),
                    file.rejectedRows(),
                    file.sizeBytes(),
                    nanoTime.getAsLong() - done.startedNanos(),
                    oldestRowNanos);
        }
        listener.progressed();
        if (done.leavesFiles(true)) {
            leftovers.ofOurOwn(done.range().to());
        }
    }

    /** Looks whether the last commit is where it was made; false if the table must be loaded to tell. */
    private boolean seenAgain(TableSnapshot current) throws IOException {
        Unconfirmed last = unconfirmed;
        if (!writer.isStillThere(table, last == null ? current : last.version())) {
            return false;
        }
        confirm();
        return true;
    }

    private void confirm() {
        Unconfirmed last = unconfirmed;
        if (last != null) {
            unconfirmed = null;
            pending.confirm();
            log.committed(table, last.progress().position(), last.progress().rows());
            listener.progressed();
            if (last.commit() != null) {
                leftovers.remove(last.version());
            }
        }
    }

    /** Somebody's version took the place of our last commit: it is made once more, and what was to follow waits. */
    private void commitAgain(Unconfirmed gone, Commit again) {
        LOG.atWarn()
                .addKeyValue("table", table.name())
                .log("Another writer replaced our commit of rows {}: committing them again", again.range());
        metrics.commitFailed(table.name());
        Commit follower = commit;
        if (follower != null && follower.leavesFiles(false)) {
            leftovers.ofOurOwn(again.range().to());
        }
        pending.takeAgain(again.batch(), again.addedRows(), again.rejectedRows());
        stream.commits().undo(gone.beforeProgress().position());
        commit = again;
        expected = gone.before();
        progress = gone.beforeProgress();
        unconfirmed = null;
    }

    /** The table says that it is where our last commits brought it: if the one below was replaced, its rows are not in. */
    private void requireThere(@Nullable Unconfirmed below) throws FencedException, IOException {
        if (below != null && below.commit() != null && !writer.isStillThere(table, below.version())) {
            throw new FencedException("Another writer replaced our commit of rows "
                    + below.commit().range() + " to table " + table.name()
                    + " and the table has gone on without it. They are in the log, and no longer in the table. This"
                    + " gateway accepts nothing more; keep other writers that rename over files from the table, and"
                    + " see 'headgate log dump' for the rows.");
        }
    }

    private void warnOfForgetting() {
        LOG.atWarn()
                .addKeyValue("table", table.name())
                .log(
                        "The table forgot our transactions; going on from position {}, which the log noted",
                        progress.position());
    }

    private OptionalLong expected() {
        OptionalLong known = expected;
        if (known == null) {
            throw new IllegalStateException("The table was never loaded");
        }
        return known;
    }

    private long intervalNanos() {
        return settings.commitInterval().toNanos();
    }

    private static String text(OptionalLong position) {
        return position.isPresent() ? "position " + position.getAsLong() : "no position";
    }
}
