package io.headgate.batching;

import io.headgate.batching.RecoveredEntries.Recovered;
import io.headgate.model.Refusal;
import io.headgate.model.TableId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of all tables over one log: opens them, has them committed, and lets the log go of what is in the tables.
 */
public final class SharedStreams {
    /** The most attempts that run at one time, and so the most threads that workers need. Hung storage holds some for good. */
    public static final int ATTEMPTS_MAX = CommitScheduler.RUNNING_MAX;

    private static final Logger LOG = LoggerFactory.getLogger(SharedStreams.class);
    private static final int RETRY_AFTER_SECONDS = 5;
    private static final long HOUSEKEEPING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final StreamLog log;
    private final TableWriter writer;
    private final StreamSettings settings;
    private final StreamMetrics metrics;
    private final CommitPace pace;
    private final LongSupplier nanoTime;
    private final @Nullable IdempotencyWindow keys;
    private final long recoveredTo;
    private final RandomGenerator random;
    private final Executor timer;
    private final GroupAcks acks;
    private final CommitScheduler scheduler;
    private final Gate everyTable = new Gate();
    private final ConcurrentMap<TableId, Member> members = new ConcurrentHashMap<>();
    private final ConcurrentMap<TableId, Recovered> withoutStream = new ConcurrentHashMap<>();
    private final LogRelief relief;
    private final SickTables sickTables;
    private final Object progress = new Object();
    private volatile String fencedBy = "";

    /**
     * @param log recovered, not yet started
     * @param recovered what the log's recovery delivered; with a window for keys if requests are to be taken that have some
     * @param pace of the commits of all tables
     * @param nanoTime {@link System#nanoTime}, or a test's clock
     * @param random spreads retries
     * @param timer runs, for as long as the streams live, what makes commits due: a thread of its own
     * @param workers runs commits; blocking calls are made there
     */
    public SharedStreams(
            StreamLog log,
            RecoveredEntries recovered,
            TableWriter writer,
            StreamSettings settings,
            StreamMetrics metrics,
            CommitPace pace,
            LongSupplier nanoTime,
            RandomGenerator random,
            Executor timer,
            Executor workers) {
        this.log = log;
        this.writer = writer;
        this.settings = settings;
        this.metrics = metrics;
        this.pace = pace;
        this.nanoTime = nanoTime;
        this.random = random;
        this.timer = timer;
        this.keys = recovered.keys();
        this.recoveredTo = log.forcedPosition();
        this.acks = new GroupAcks(nanoTime, recoveredTo, settings.groupDelayMax());
        this.scheduler = new CommitScheduler(nanoTime, workers);
        this.relief = new LogRelief(log, acks, settings.logPressureBytes(), nanoTime, this::commitEarly);
        this.sickTables = new SickTables(settings.parkedBytes());
        recovered.tables().forEach(this::adopt);
    }

    /** A table that has all its rows need not be looked at until somebody writes to it. */
    private void adopt(Recovered table) {
        if (table.extents().isEmpty()) {
            withoutStream.put(table.table().id(), table);
        } else {
            members.put(table.table().id(), member(table.table(), table));
        }
    }

    /** Begins to accept, and to commit what was recovered. Called once. */
    public void start() {
        log.start(acks);
        members.values().forEach(this::commitEarly);
        scheduler.wake(this::keepHouse, HOUSEKEEPING_NANOS);
        timer.execute(scheduler);
    }

    /**
     * One turn of the timer, for simulations that keep time by hand: hands to the workers whatever is due now.
     *
     * @return nanoseconds until something is, {@code Long.MAX_VALUE} if nothing will be
     */
    public long tick() {
        return scheduler.tick();
    }

    /**
     * Opens the stream of a table. Completes at once if it is open; otherwise once the table was looked at, on a commit
     * thread. Any thread.
     *
     * @throws io.headgate.model.RefusedException NOT_IMPLEMENTED, through the future, if another place has a table of
     *     the same id
     */
    public CompletableFuture<TableStream> open(LoggedTable table) {
        Member member = members.get(table.id());
        if (member == null) {
            member = members.computeIfAbsent(table.id(), id -> {
                Recovered known = withoutStream.remove(id);
                Member opened = member(table, known == null ? new Recovered(table) : known);
                scheduler.wake(opened.committer(), 0);
                return opened;
            });
            lookForPredecessor(table);
        }
        if (!member.table().location().equals(table.location())) {
            return CompletableFuture.failedFuture(Refusal.of(
                            Refusal.Code.NOT_IMPLEMENTED,
                            "Table " + table.name() + " has the same id as "
                                    + member.table().name()
                                    + ", whose rows this gateway has in its log: a copy of its files, or the same"
                                    + " table moved. Rows of the two cannot be told apart; create this table anew, or"
                                    + " move it back.")
                    .asException());
        }
        return member.committer().firstLook();
    }

    /** Another table in this place takes rows at once; the one that was there before keeps its own, and is asked after. */
    private void lookForPredecessor(LoggedTable table) {
        members.values().stream()
                .filter(other -> other.table().location().equals(table.location())
                        && !other.table().id().equals(table.id()))
                .forEach(this::commitEarly);
    }

    private Member member(LoggedTable table, Recovered recovered) {
        TableSettings own = settings.of(table);
        ByteBudget unflushed = new ByteBudget(own.unflushedBytes());
        PendingRows pending = new PendingRows(unflushed, nanoTime, recovered.extents());
        Wake wake = new Wake();
        RowAudit audit = new RowAudit(table, pending, nanoTime.getAsLong());
        TableStream stream = new TableStream(table, log, own, unflushed, pending, keys, audit, everyTable, wake);
        Trouble trouble = new Trouble(
                table, nanoTime, new RetryDelay(settings.retryDelayMin(), settings.retryDelayMax(), random));
        wake.committer = new TableCommitter(
                stream,
                recovered,
                log,
                recoveredTo,
                writer,
                own,
                metrics,
                nanoTime,
                trouble,
                new CommitTurn(pace, nanoTime),
                new Follower(table.id()));
        return new Member(stream, wake.committer, trouble);
    }

    private void commitEarly(Member member) {
        member.committer().hurry();
        scheduler.wake(member.committer(), 0);
    }

    /** For all tables: what this process commits to another one would only fence the process that shall live. */
    private synchronized void fence(String reason) {
        if (!fencedBy.isEmpty()) {
            return;
        }
        fencedBy = reason;
        LOG.error("Fenced: {}", reason);
        everyTable.close(Refusal.unavailable(
                "This gateway no longer accepts rows: another process commits for a copy of its log, or its log lost"
                        + " its end. Its operator must decide; nothing was stored.",
                RETRY_AFTER_SECONDS));
    }

    /** Why this process may commit no more; empty if it may. */
    public String fencedBy() {
        return fencedBy;
    }

    /** How each table is doing. Any thread. */
    public List<TableStatus> tables() {
        List<TableStatus> all = new ArrayList<>();
        members.values().forEach(member -> all.add(member.status()));
        return all;
    }

    /** Where the rows of each table are, counted twice. Any thread. */
    public List<TableAudit> audits() {
        long now = nanoTime.getAsLong();
        return members.values().stream()
                .map(member -> member.stream().audit().look(now))
                .toList();
    }

    /**
     * What became of an acked request whose position the table needs no commit for, as the table's own log says.
     * Blocking; any thread but an event loop or the log's writer.
     *
     * @throws IOException if it cannot be told now
     */
    public Landing lookUp(LoggedTable table, long position) throws IOException {
        return writer.landing(table, position);
    }

    /** What need not be done for each commit, and must not take longer the more tables there are. */
    private long keepHouse() {
        if (!fencedBy.isEmpty()) {
            return CommitScheduler.NEVER; // all that the log has may be needed by whoever decides
        }
        try {
            sickTables.limit(members.values());
            relief.run(members.values());
        } catch (RuntimeException | Error e) { // or the log would never be trimmed again
            LOG.warn("Housekeeping failed and will be repeated", e);
        }
        return HOUSEKEEPING_NANOS;
    }

    /**
     * Accepts nothing more and commits what is pending, until all is in the tables, nothing that is left can be
     * committed now, or time is up. What is left stays in the log for the next start. Blocking.
     *
     * @return rows acked and not yet in a table
     */
    public long drain(Duration atMost) throws InterruptedException {
        everyTable.close(Refusal.unavailable(
                "The gateway is stopping. Nothing was stored; send the request again.", RETRY_AFTER_SECONDS));
        long deadlineNanos = nanoTime.getAsLong() + atMost.toNanos();
        synchronized (progress) {
            while (fencedBy.isEmpty() && hurry() && nanoTime.getAsLong() - deadlineNanos < 0) {
                progress.wait(10);
            }
        }
        scheduler.stop(deadlineNanos);
        if (fencedBy.isEmpty()) {
            relief.trim(members.values());
        }
        return members.values().stream()
                .mapToLong(member -> member.stream().pending().rows())
                .sum();
    }

    /** Makes every commit due that can bring rows into a table now; whether there is one. */
    private boolean hurry() {
        List<Member> left =
                members.values().stream().filter(Member::canProgress).toList();
        left.forEach(this::commitEarly);
        return !left.isEmpty();
    }

    /** Makes a stream's commits due: made before the committer, which follows the stream. */
    private final class Wake implements LongConsumer {
        private @Nullable TableCommitter committer;

        @Override
        public void accept(long delayNanos) {
            TableCommitter woken = committer;
            if (woken != null) {
                scheduler.wake(woken, delayNanos);
            }
        }
    }

    /** What one committer has to tell. */
    private final class Follower implements TableCommitter.Listener {
        private final TableId table;

        Follower(TableId table) {
            this.table = table;
        }

        @Override
        public void fenced(String reason) {
            fence(reason);
        }

        @Override
        public void requireUnfenced() throws FencedException {
            if (!fencedBy.isEmpty()) {
                throw new FencedException(fencedBy);
            }
        }

        @Override
        public void progressed() {
            synchronized (progress) {
                progress.notifyAll();
            }
        }

        @Override
        public void gone(Progress last) {
            Member gone = members.get(table);
            if (gone != null) {
                withoutStream.put(table, new Recovered(gone.table(), last));
                members.remove(table);
            }
        }
    }
}
