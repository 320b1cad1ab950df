package io.headgate.simulation;

import io.headgate.batching.Append;
import io.headgate.batching.CommitPace;
import io.headgate.batching.EntryConsumer;
import io.headgate.batching.IdempotencyKey;
import io.headgate.batching.IdempotencyWindow;
import io.headgate.batching.LogEntry;
import io.headgate.batching.LogRun;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.RecoveredEntries;
import io.headgate.batching.RecoveryConsumer;
import io.headgate.batching.SharedStreams;
import io.headgate.batching.StreamMetrics;
import io.headgate.batching.StreamSettings;
import io.headgate.batching.TableSettings;
import io.headgate.batching.TableStream;
import io.headgate.model.RefusedException;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import io.headgate.wal.LocalLog;
import io.headgate.wal.LogMetrics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One process: the real log and the real streams, whose threads are queues here. The world decides which of them runs
 * next.
 */
final class Gateway {
    private static final int LOOPS = 3;
    // Never reached: what goes then is tested elsewhere.
    private static final long KEY_BYTES = 1 << 20;
    private static final Pattern FREEING = Pattern.compile("delete .*segment|segment to .*spare");

    private final World world;
    private final Machine machine;
    private final Calls calls;
    private final boolean losesPower;
    private final List<Deque<Runnable>> loops = new ArrayList<>();
    private final List<Runnable> workers = new ArrayList<>();
    private final List<Request> unlanded = new ArrayList<>();
    private final Map<TableId, Long> parkedTo = new HashMap<>();
    private Ledger.@Nullable Recovery found;
    private @Nullable LocalLog log;
    private @Nullable SharedStreams streams;
    private boolean writing;
    private boolean preparing;
    private String run = "";
    private boolean failedMeanwhile;
    private long cpuNanos;
    private @Nullable Throwable fatal;

    Gateway(World world, Machine machine) {
        this.world = world;
        this.machine = machine;
        this.calls = new Calls(world, this);
        this.losesPower = world.random.nextBoolean();
        for (int i = 0; i < LOOPS; i++) {
            loops.add(new ArrayDeque<>());
        }
    }

    Calls calls() {
        return calls;
    }

    Machine machine() {
        return machine;
    }

    /** Whether the power goes when this process dies of itself. */
    boolean losesPower() {
        return losesPower;
    }

    /** The log's run that this process is; empty until it is known. */
    String run() {
        return run;
    }

    boolean isOpen() {
        return streams != null;
    }

    @Nullable
    Throwable fatal() {
        return fatal;
    }

    LocalLog log() {
        return Objects.requireNonNull(log, "not open");
    }

    SharedStreams streams() {
        return Objects.requireNonNull(streams, "not open");
    }

    void open() throws IOException {
        world.trace.step(machine + " starts");
        Ledger.Recovery recovery = machine.ledger().recovery();
        RecoveredEntries recovered = new RecoveredEntries(
                new IdempotencyWindow(world.keyWindow(), KEY_BYTES, world.clock::nanoTime, world.clock, world.random));
        LocalLog opened = LocalLog.openStepwise(
                new WatchedDisk(machine.disk(), calls),
                machine.settings(),
                LogMetrics.none(),
                world.random,
                world.clock,
                world.clock::nanoTime,
                both(recovery, recovered),
                this::failed);
        world.landings.look();
        recovery.complete(opened.id(), opened.forcedPosition(), world.clock.millis());
        if (machine.ledger().hasUnforced()) {
            world.coverage.saw(recovery.hasNew() ? Event.UNFORCED_CAME_BACK : Event.UNFORCED_LOST);
        }
        recovery.keep(opened.id(), opened.forcedPosition());
        recovery.found().forEach(unlanded::add);
        found = recovery;
        log = opened;
        List<LogRun> runs = opened.runs();
        run = runs.get(runs.size() - 1).id();
        SharedStreams started = new SharedStreams(
                new WatchedLog(world, this, opened),
                recovered,
                new WatchedTables(world, this, run),
                settings(),
                new Failures(),
                new CommitPace(0.2, Duration.ofSeconds(20), world.clock::nanoTime, this::cpuNanos),
                world.clock::nanoTime,
                world.random,
                timer -> {},
                workers::add);
        started.start();
        streams = started;
        world.trace.step(machine + " is open, [" + opened.firstPosition() + ", " + opened.forcedPosition() + ")");
    }

    /** Whatever a thread does takes up to 50 ms. */
    private long cpuNanos() {
        cpuNanos += world.random.nextInt(50_000_000);
        return cpuNanos;
    }

    private StreamSettings settings() {
        return new StreamSettings(
                new TableSettings(Duration.ofSeconds(2), 6_000, world.unflushedBytes()),
                Map.of(),
                machine.settings().maxBytes() / 2,
                machine.settings().parkedBytes(),
                Duration.ZERO,
                Duration.ofMillis(100),
                Duration.ofSeconds(30));
    }

    private static RecoveryConsumer both(RecoveryConsumer first, RecoveryConsumer second) {
        return new RecoveryConsumer() {
            @Override
            public void accept(LogEntry entry) throws IOException {
                first.accept(entry);
                second.accept(entry);
            }

            @Override
            public void key(long position, long receiveTimeMillis, IdempotencyKey key) {
                first.key(position, receiveTimeMillis, key);
                second.key(position, receiveTimeMillis, key);
            }

            @Override
            public void committed(LoggedTable table, long position, long rows) {
                first.committed(table, position, rows);
                second.committed(table, position, rows);
            }

            @Override
            public void abandoned(LoggedTable table, long position, String where) {
                second.abandoned(table, position, where);
            }
        };
    }

    /** A commit fails only where a call to the outside did, or others came between. */
    private final class Failures implements StreamMetrics {
        @Override
        public void commitFailed(TableName table) {
            boolean explained = calls.takeFailed()
                    || calls.isDead()
                    || world.mayFence()
                    || world.coverage.has(Event.COMMIT_REPLACED);
            world.violations.unless(
                    explained,
                    () -> "A commit to " + table + " failed, but nothing that it needed: "
                            + streams().tables());
        }
    }

    private void failed(Throwable cause) {
        if (calls.isDead()) {
            return;
        }
        world.coverage.saw(Event.LOG_FATAL);
        world.trace.step(machine + " fails: " + cause);
        world.violations.unless(fatal == null, () -> "The log failed twice: " + cause);
        if (!(cause instanceof IOException)) {
            throw world.violations.found(new AssertionError("The log failed of itself", cause));
        }
        fatal = cause;
        failedMeanwhile = writing;
    }

    void forced(List<? extends Append> group) {
        // Another thread may have failed while the writer was at it.
        world.violations.unless(fatal == null || failedMeanwhile, () -> "Something was forced after " + fatal);
        world.trace.step(machine + " forced " + group.size() + ", to "
                + (group.get(group.size() - 1).position() + 1));
        machine.ledger().forced(group);
        if (world.random.nextInt(20) == 0) {
            world.invariants.probe(machine);
        }
    }

    void wasRead(LogEntry entry) {
        if (!machine.ledger().read(entry)) {
            world.invariants.probe(machine);
        }
    }

    void parked(LoggedTable table, long from, long to) {
        if (to > from) {
            world.coverage.saw(Event.PARKED);
            world.trace.step(machine + " parked " + table.id().value() + " to " + to);
            parkedTo.merge(table.id(), to, Math::max);
            if (world.faults.diesInFreeing()) {
                calls.dieIn(1, FREEING);
            }
        }
    }

    /** Whether a request's entry has a place of its own, outside the segments. */
    boolean isParked(Request request) {
        return request.position < parkedTo.getOrDefault(request.table().id(), 0L);
    }

    void callFailed() {
        calls.failed();
    }

    /** Writes, forces and hands back one group. */
    void write() {
        if (!writing && isOpen()) {
            writing = true;
            log().stepWriter();
            writing = false;
        }
    }

    /** Prepares or deletes one segment. */
    void prepare() {
        if (!preparing && isOpen()) {
            preparing = true;
            log().stepPreallocator();
            preparing = false;
        }
    }

    void tick() {
        if (isOpen()) {
            streams().tick();
        }
    }

    /** While the writer hands back a group, the other threads do not wait for it. */
    void othersGoOn() {
        if (world.faults.interleaves()) {
            world.clock.advance(Duration.ofSeconds(1));
            tick();
            while (!workers.isEmpty() && !calls.isDead()) {
                work();
            }
        }
        calls.othersRun();
    }

    /** One commit thread does what it was given. */
    void work() {
        if (!workers.isEmpty()) {
            workers.remove(world.random.nextInt(workers.size())).run();
        }
    }

    /** One event loop does the next thing in its queue. */
    void loop() {
        Runnable next = loops.get(world.random.nextInt(LOOPS)).poll();
        if (next != null) {
            next.run();
        }
    }

    /** All event loops do what is in their queues. */
    void runLoops() {
        for (Deque<Runnable> loop : loops) {
            while (!loop.isEmpty() && !calls.isDead()) {
                loop.remove().run();
            }
        }
    }

    /** Reads a table's entries up to the last moment, as anybody may. */
    void observe() {
        if (!isOpen()) {
            return;
        }
        LocalLog watched = log();
        EntryConsumer nothing = entry -> {};
        LoggedTable table = world.anyTable();
        long from = watched.firstPosition();
        long to = watched.forcedPosition();
        world.coverage.saw(Event.OBSERVED);
        try {
            new WatchedLog(world, this, watched)
                    .read(
                            new StreamRange(to - (long) (world.random.nextDouble() * (to - from)), to),
                            table.id(),
                            nothing);
        } catch (IOException e) {
            world.trace.step(machine + " could not be read: " + e.getMessage());
        }
    }

    /** A client's request arrives. */
    void send(Request request) {
        Deque<Runnable> loop = loops.get(world.random.nextInt(LOOPS));
        var sent = streams().open(request.table()).thenAccept(stream -> loop.add(() -> append(stream, request, loop)));
        world.violations.unless(!sent.isCompletedExceptionally(), () -> "No stream for " + request + ": " + sent);
    }

    private void append(TableStream stream, Request request, Deque<Runnable> loop) {
        request.receiveTimeMillis = world.clock.millis();
        Optional<Request> known = world.keys.known(this, request);
        try {
            stream.append(
                    request.schema,
                    request.rowCount,
                    request.receiveTimeMillis,
                    request.payload(),
                    request.key(),
                    loop::add,
                    (position, replayed) -> answered(request, position, replayed));
        } catch (RefusedException e) {
            request.outcome = Request.Outcome.REFUSED;
            world.clients.refused(request, e);
            world.keys.refused(request, known, e);
            return;
        }
        if (request.outcome == Request.Outcome.SENT) {
            request.outcome = Request.Outcome.JOINED;
        }
        world.keys.taken(this, request, known);
    }

    /** The log accepts an append. */
    void accepted(Append append) {
        Request request = Objects.requireNonNull(world.requests.of(append.payload()), "whoever sent this");
        request.outcome = Request.Outcome.OFFERED;
        request.acceptedBy = this;
        machine.ledger().offered(request);
        unlanded.add(request);
        world.invariants.accepted(machine, request, unlanded);
    }

    private void answered(Request request, long position, boolean replayed) {
        world.violations.unless(!calls.isDead(), () -> "A dead process acked " + request);
        if (replayed) {
            world.keys.replayed(request, position);
            request.outcome = Request.Outcome.REPLAYED;
        } else {
            acked(request);
        }
    }

    /** Where this process knows a key from whose first attempt was stored, or is on its way. */
    Event sourceOf(Request first) {
        if (first.position < 0) {
            return Event.REPLAYED_WITH_THE_FIRST;
        }
        if (first.acceptedBy == this) {
            return Event.REPLAYED_FROM_MEMORY;
        }
        return found != null && found.hasKeyOnly(first.position)
                ? Event.REPLAYED_FROM_KEY_FILE
                : Event.REPLAYED_FROM_SEGMENT;
    }

    private void acked(Request request) {
        world.violations.unless(
                request.outcome == Request.Outcome.OFFERED && request.position >= 0,
                () -> "Acked before it was forced, or again: " + request);
        request.outcome = Request.Outcome.ACKED;
        world.coverage.saw(Event.ACKED);
        if (world.random.nextInt(50) == 0) {
            world.invariants.probe(machine);
        }
    }

    /** Ends in good order, which may be cut short. */
    void stop() throws IOException {
        writing = true;
        preparing = true;
        try {
            streams().drain(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts this", e);
        }
        log().close();
        runLoops();
    }

    /** Whether anything waits for a turn. */
    boolean isBusy() {
        return !workers.isEmpty() || loops.stream().anyMatch(loop -> !loop.isEmpty());
    }

    /** A call went well. */
    void did(String what) {
        if (log != null && isRoll(what)) {
            world.coverage.saw(Event.ROLLED);
        } else if (log != null && what.startsWith("rename") && what.endsWith(".keys")) {
            if (world.faults.diesInFreeing()) {
                calls.dieIn(1, FREEING);
            }
        } else if (log != null && what.startsWith("delete") && what.endsWith(".keys")) {
            world.coverage.saw(Event.KEY_FILE_DELETED);
        } else if (log != null && isFreeing(what)) {
            world.coverage.saw(what.startsWith("delete") ? Event.SEGMENT_DELETED : Event.SEGMENT_RECYCLED);
        }
    }

    void diesIn(String what) {
        world.coverage.saw(Event.CRASH);
        world.coverage.saw(eventOf(what));
    }

    private Event eventOf(String what) {
        if (what.startsWith("commit")) {
            return Event.DEATH_IN_COMMIT;
        } else if (log != null && (what.contains(".parked") || what.contains(".parking"))) {
            return Event.DEATH_IN_PARKING;
        } else if (log != null && what.contains(".key")) {
            return Event.DEATH_IN_KEEPING_KEYS;
        } else if (log == null) {
            return Event.DEATH_IN_RECOVERY;
        } else if (isRoll(what)) {
            return Event.DEATH_IN_ROLL;
        } else if (isFreeing(what)) {
            return Event.DEATH_IN_FREEING;
        } else if (what.contains(".segment")) {
            return Event.DEATH_IN_GROUP_FORCE;
        }
        return what.contains(".spare") || what.contains(".preparing")
                ? Event.DEATH_IN_PREPARING
                : Event.DEATH_IN_TABLE_CALL;
    }

    private static boolean isRoll(String what) {
        return what.startsWith("rename") && what.endsWith(".segment");
    }

    private static boolean isFreeing(String what) {
        return (what.startsWith("rename") && what.endsWith(".spare") && what.contains(".segment"))
                || (what.startsWith("delete") && what.endsWith(".segment"));
    }

    void diskFailsIn(String what) {
        if (what.startsWith("force ") && writing) {
            world.coverage.saw(Event.GROUP_FORCE_FAILED);
        }
    }

    @Override
    public String toString() {
        return machine.toString();
    }
}
