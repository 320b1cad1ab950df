package io.headgate.batching;

import io.headgate.model.Refusal;
import io.headgate.model.TableId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of all tables over one log: opens them, has them committed, and lets the log go of what is in the tables.
 */
public final class SharedStreams {
    private static final Logger LOG = LoggerFactory.getLogger(SharedStreams.class);
    private static final int RETRY_AFTER_SECONDS = 5;

    private final StreamLog log;
    private final TableWriter writer;
    private final StreamSettings settings;
    private final StreamMetrics metrics;
    private final LongSupplier nanoTime;
    private final long recoveredTo;
    private final RandomGenerator random;
    private final Executor timer;
    private final GroupAcks acks;
    private final CommitScheduler scheduler;
    private final Gate everyTable = new Gate();
    private final ConcurrentMap<TableId, Member> members = new ConcurrentHashMap<>();
    private final Object progress = new Object();
    private volatile String fencedBy = "";

    /**
     * @param log recovered, not yet started
     * @param recovered what the log's recovery delivered
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
            LongSupplier nanoTime,
            RandomGenerator random,
            Executor timer,
            Executor workers) {
        this.log = log;
        this.writer = writer;
        this.settings = settings;
        this.metrics = metrics;
        this.nanoTime = nanoTime;
        this.random = random;
        this.timer = timer;
        this.recoveredTo = log.forcedPosition();
        this.acks = new GroupAcks(nanoTime, recoveredTo);
        this.scheduler = new CommitScheduler(nanoTime, workers);
        recovered.tables().forEach(table -> members.put(table.table().id(), member(table.table(), table.extents())));
    }

    /** Begins to accept, and to commit what was recovered. Called once. */
    public void start() {
        log.start(acks);
        members.values().forEach(member -> scheduler.wake(member.committer, 0));
        scheduler.wake(this::relieveLog, TimeUnit.SECONDS.toNanos(1));
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
                Member opened = member(table, new Extents());
                scheduler.wake(opened.committer, 0);
                return opened;
            });
        }
        if (!member.stream.table().location().equals(table.location())) {
            return CompletableFuture.failedFuture(Refusal.of(
                            Refusal.Code.NOT_IMPLEMENTED,
                            "Table " + table.name() + " has the same id as "
                                    + member.stream.table().name()
                                    + ", whose rows this gateway has in its log: a copy of its files, or the same"
                                    + " table moved. Rows of the two cannot be told apart; create this table anew, or"
                                    + " move it back.")
                    .asException());
        }
        return member.committer.firstLook();
    }

    private Member member(LoggedTable table, Extents recovered) {
        ByteBudget unflushed = new ByteBudget(settings.of(table).unflushedBytes());
        return new Member(table, unflushed, new PendingRows(unflushed, nanoTime, recovered));
    }

    private void fence(String reason) {
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

    /** Everything below is in the tables: read what was delivered first, then what of it is pending. */
    private void trim() {
        long low = acks.deliveredPosition();
        for (Member member : members.values()) {
            low = Math.min(low, member.pending.firstPosition());
        }
        log.trim(low);
        synchronized (progress) {
            progress.notifyAll();
        }
    }

    /** When the log grows, the table whose rows hold the oldest of it is committed before its time. */
    private long relieveLog() {
        if (log.sizeBytes() >= settings.logPressureBytes()) {
            members.values().stream()
                    .filter(member -> member.pending.bytes() > 0
                            && member.committer.problem().isEmpty())
                    .min((a, b) -> Long.compare(a.pending.firstPosition(), b.pending.firstPosition()))
                    .ifPresent(laggard -> scheduler.wake(laggard.committer, 0));
        }
        return TimeUnit.SECONDS.toNanos(1);
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
        return members.values().stream()
                .mapToLong(member -> member.pending.rows())
                .sum();
    }

    /** Makes every commit due that can bring rows into a table now; whether there is one. */
    private boolean hurry() {
        List<Member> left =
                members.values().stream().filter(Member::canProgress).toList();
        left.forEach(member -> member.wake(0));
        return !left.isEmpty();
    }

    /** A stream and the committer that follows it. */
    private final class Member {
        private final TableStream stream;
        private final PendingRows pending;
        private final TableCommitter committer;

        Member(LoggedTable table, ByteBudget unflushed, PendingRows pending) {
            this.pending = pending;
            TableSettings own = settings.of(table);
            this.stream = new TableStream(table, log, own, unflushed, pending, everyTable, this::wake);
            this.committer = new TableCommitter(
                    stream,
                    log,
                    recoveredTo,
                    writer,
                    own,
                    metrics,
                    nanoTime,
                    new RetryDelay(settings.retryDelayMin(), settings.retryDelayMax(), random),
                    SharedStreams.this::fence,
                    SharedStreams.this::trim);
        }

        private void wake(long delayNanos) {
            scheduler.wake(committer, delayNanos);
        }

        boolean canProgress() {
            return pending.bytes() > 0 && committer.problem().isEmpty();
        }

        TableStatus status() {
            String problem = committer.problem();
            TableStatus.State state = stream.halted()
                    ? TableStatus.State.HALTED
                    : problem.isEmpty() ? TableStatus.State.OPEN : TableStatus.State.RETRYING;
            return new TableStatus(
                    stream.table().name(), state, problem, pending.bytes(), pending.rows(), pending.oldestNanos());
        }
    }
}
