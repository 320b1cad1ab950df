package io.headgate.batching;

import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.model.Outage;
import io.headgate.model.StreamRange;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
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
 *   <li>it is higher, and within what the log held when this process started: a commit of an earlier process of ours
 *       arrived late, with the same rows. What it brought needs no commit any more; go on from there;
 *   <li>it is anything else: somebody else commits under our log's name. We are fenced and stop accepting.
 * </ol>
 *
 * <p>At the first use of a table nothing is expected yet: the version found there is where we go on, and entries below
 * it are in the table already. A version beyond the end that our log had at the start means that the log lost its end,
 * or that a copy of it is in use: fenced.
 *
 * <p>One thread at a time.
 */
final class TableCommitter implements CommitScheduler.Task {
    private static final Logger LOG = LoggerFactory.getLogger(TableCommitter.class);

    private final TableStream stream;
    private final LoggedTable table;
    private final StreamLog log;
    private final long recoveredTo;
    private final TableWriter writer;
    private final TableSettings settings;
    private final StreamMetrics metrics;
    private final LongSupplier nanoTime;
    private final RetryDelay retry;
    private final Outage commits;
    private final Outage removals;
    private final Consumer<String> fence;
    private final Runnable settled;
    private final CompletableFuture<TableStream> firstLook = new CompletableFuture<>();

    private volatile String problem = "";
    private @Nullable TableSnapshot base;
    private @Nullable OptionalLong expected;
    private @Nullable Commit commit;
    private long leftoversFrom = -1;

    /**
     * @param recoveredTo the log's end when this process started
     * @param fence told why, once, if another process commits under our log's name
     * @param settled told after each durable commit
     */
    TableCommitter(
            TableStream stream,
            StreamLog log,
            long recoveredTo,
            TableWriter writer,
            TableSettings settings,
            StreamMetrics metrics,
            LongSupplier nanoTime,
            RetryDelay retry,
            Consumer<String> fence,
            Runnable settled) {
        this.stream = stream;
        this.table = stream.table();
        this.log = log;
        this.recoveredTo = recoveredTo;
        this.writer = writer;
        this.settings = settings;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.retry = retry;
        this.commits = new Outage(nanoTime);
        this.removals = new Outage(nanoTime);
        this.fence = fence;
        this.settled = settled;
    }

    /** Completes once the table was looked at, or could not be: then the commits find out. */
    CompletableFuture<TableStream> firstLook() {
        return firstLook;
    }

    /** Why the last attempt failed; empty if it did not. Any thread. */
    String problem() {
        return problem;
    }

    @Override
    public long attempt() {
        long delayNanos = tryOnce();
        firstLook.complete(stream);
        return delayNanos;
    }

    private long tryOnce() {
        try {
            advance();
            problem = "";
            retry.reset();
            stream.resume();
            healed();
            return stream.pending().delayNanos(intervalNanos(), settings.fileTargetBytes());
        } catch (FencedException e) {
            failed(e);
            fence.accept(e.getMessage());
            return CommitScheduler.NEVER;
        } catch (TableChangedException e) {
            failed(e);
            stream.halt(problem);
            return retry.next();
        } catch (IOException | RuntimeException | Error e) {
            // Even an Error must not end a table's commits for good: the rows are safe in the log, so try again.
            failed(e);
            return retry.next();
        }
    }

    /** Nothing that the failed step held is trusted any more; the next attempt loads the table and decides. */
    private void failed(Throwable cause) {
        base = null;
        problem = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        metrics.commitFailed(table.name());
        long failures = commits.failed();
        if (failures == 0 || cause instanceof FencedException) {
            return; // told of not long ago, or by whoever ends the whole process' commits
        }
        boolean known = cause instanceof IOException || cause instanceof TableChangedException;
        LOG.atWarn()
                .addKeyValue("table", table.name())
                .addKeyValue("failures", failures)
                .setCause(known ? null : cause)
                .log("Commit failed, rows stay in the log: {}", problem);
    }

    private void healed() {
        Duration age = commits.age();
        long failures = commits.healed();
        if (failures > 0) {
            LOG.atInfo()
                    .addKeyValue("table", table.name())
                    .addKeyValue("failures", failures)
                    .log("Commits work again after {} s", age.toSeconds());
        }
    }

    private void advance() throws FencedException, TableChangedException, IOException {
        TableSnapshot kept = base;
        if (kept != null) {
            try {
                commitNext(kept);
                return;
            } catch (TableChangedException e) {
                // Rows may be of a newer schema than the version kept from our last commit: look before judging.
                LOG.debug("Table {}: looking again", table.name(), e);
            }
        }
        TableSnapshot fresh = writer.load(table);
        base = fresh;
        decide(fresh);
        commitNext(fresh);
    }

    private void commitNext(TableSnapshot current) throws FencedException, TableChangedException, IOException {
        Commit next = commit != null ? commit : nextCommit();
        if (next != null) {
            commit = next;
            makeDurable(next, current);
        }
    }

    private @Nullable Commit nextCommit() {
        Extents.Batch batch = stream.pending().take(settings.fileTargetBytes());
        if (batch == null) {
            return null;
        }
        long from = expected().orElse(batch.from());
        return new Commit(batch, new StreamRange(from, batch.to()), nanoTime.getAsLong());
    }

    private void makeDurable(Commit next, TableSnapshot current)
            throws FencedException, TableChangedException, IOException {
        DataFile file = next.file;
        if (file == null || !current.sameLayout(next.layout(current))) {
            next.file = null;
            file = writer.write(table, current, next.range, next.attempts++, source(next.batch));
            next.wrote(file, current);
        }
        next.tries(current, file);
        base = writer.commit(table, current, next.range, file);
        settle();
    }

    private TableWriter.EntrySource source(Extents.Batch batch) {
        return consumer -> {
            for (StreamRange run : batch.runs()) {
                log.read(run, table.id(), consumer);
            }
        };
    }

    /** What the freshly loaded version says of our last commit. */
    private void decide(TableSnapshot fresh) throws FencedException, IOException {
        OptionalLong found = fresh.committedTo();
        if (expected == null) {
            firstUse(found);
        } else if (found.equals(expected)) {
            return;
        } else if (landed(found, fresh)) {
            settle();
        } else if (found.orElse(-1) > expected.orElse(-1) && found.orElse(-1) <= recoveredTo) {
            goOnFrom(found);
        } else {
            throw new FencedException("Table " + table.name() + " was last committed up to " + text(found)
                    + " under the name of log " + log.id() + ", but this process had left it at " + text(expected)
                    + ": another process commits for a copy of this log, or the table was restored. This gateway"
                    + " accepts nothing more; stop the other one and restart, or see 'headgate recover"
                    + " --as-new-log'.");
        }
    }

    private boolean landed(OptionalLong found, TableSnapshot fresh) throws IOException {
        Commit last = commit;
        return last != null
                && last.triedFile != null
                && last.triedOn != null
                && found.equals(OptionalLong.of(last.range.to()))
                && writer.tookIn(table, last.triedOn, fresh, last.triedFile);
    }

    /** Entries below {@code found} are in the table; a commit under way is made anew of what is left. */
    private void goOnFrom(OptionalLong found) {
        expected = found;
        // A file of an earlier range may be the one that just arrived. And where the table says nothing of our log, it
        // may have forgotten, or was made anew of the files that were there: then any of them may be in it.
        leftoversFrom = found.orElse(-1);
        commit = null;
        stream.pending().giveBack();
        found.ifPresent(stream.pending()::dropBelow);
        settled.run();
    }

    private void firstUse(OptionalLong found) throws FencedException {
        // Not the log's end of now: what this process accepted it alone may commit, and it has not yet.
        if (found.orElse(0) > recoveredTo) {
            throw new FencedException("Table " + table.name() + " was committed up to " + text(found)
                    + " under the name of log " + log.id() + ", whose end was " + recoveredTo
                    + " when this process started: the log is an old copy or lost its end. This gateway accepts nothing more; restore the log, or"
                    + " see 'headgate recover --as-new-log'.");
        }
        goOnFrom(found);
    }

    private void settle() {
        Commit done = commit;
        if (done == null || done.triedFile == null) {
            throw new IllegalStateException("No commit was under way");
        }
        expected = OptionalLong.of(done.range.to());
        commit = null;
        long oldestRowNanos = stream.pending().settle();
        metrics.committed(
                table.name(),
                done.triedFile.rowCount(),
                done.triedFile.sizeBytes(),
                nanoTime.getAsLong() - done.startedNanos,
                oldestRowNanos);
        settled.run();
        if (done.attempts > 1 && leftoversFrom < 0) {
            leftoversFrom = done.range.to(); // nobody's but our own
        }
        removeLeftovers();
    }

    /** Now that a commit is durable, none of an earlier process can land any more, and its files are nobody's. */
    private void removeLeftovers() {
        TableSnapshot current = base;
        if (leftoversFrom < 0 || current == null) {
            return;
        }
        try {
            int removed = writer.removeLeftovers(table, current, leftoversFrom);
            leftoversFrom = -1;
            removals.healed();
            if (removed > 0) {
                LOG.atInfo()
                        .addKeyValue("table", table.name())
                        .log("Removed {} data files that no commit names", removed);
            }
        } catch (IOException | RuntimeException e) {
            long failures = removals.failed();
            if (failures > 0) {
                LOG.atWarn()
                        .addKeyValue("table", table.name())
                        .addKeyValue("failures", failures)
                        .setCause(e)
                        .log("Left-over data files stay until the next commit");
            }
        }
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

    /** A range on its way into the table, kept over as many attempts as it takes. */
    private static final class Commit {
        private final Extents.Batch batch;
        private final StreamRange range;
        private final long startedNanos;
        private @Nullable DataFile file;
        private @Nullable TableSnapshot layout;
        private int attempts;
        private @Nullable DataFile triedFile;
        private @Nullable TableSnapshot triedOn;

        Commit(Extents.Batch batch, StreamRange range, long startedNanos) {
            this.batch = batch;
            this.range = range;
            this.startedNanos = startedNanos;
        }

        void wrote(DataFile written, TableSnapshot target) {
            file = written;
            layout = target;
        }

        /** The first try stays the one to look for from: a later one only starts from a later version. */
        void tries(TableSnapshot on, DataFile with) {
            if (!with.equals(triedFile)) {
                triedOn = on;
            }
            triedFile = with;
        }

        TableSnapshot layout(TableSnapshot otherwise) {
            return layout == null ? otherwise : layout;
        }
    }
}
