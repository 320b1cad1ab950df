package io.headgate.simulation;

import io.headgate.batching.LoggedTable;
import io.headgate.batching.SimulatedTables;
import io.headgate.model.ManualClock;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import io.headgate.wal.KeyRetention;
import io.headgate.wal.LogSettings;
import io.headgate.wal.SimulatedDisk;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** All there is in one simulation, every part of it moved by the same seed. */
final class World {
    private static final int SEGMENT_BYTES = 16 * 1024;
    // Never reached: what goes then is tested elsewhere.
    private static final long KEY_FILES_BYTES = 10_000_000;
    private static final Instant START = Instant.parse("2026-11-22T00:00:00Z");

    final Random random;
    final ManualClock clock = new ManualClock(START);
    final Trace trace = new Trace(clock::nanoTime);
    final Coverage coverage = new Coverage();
    final Violations violations = new Violations();
    final Requests requests = new Requests();
    final SimulatedTables tables = new SimulatedTables();
    final Landings landings = new Landings(violations, requests, tables, coverage);
    final Faults faults;
    final Clients clients;
    final Invariants invariants;
    final KeyInvariants keys;
    final List<LoggedTable> names = new ArrayList<>();
    final List<Machine> machines = new ArrayList<>();
    private final List<LoggedTable> dropped = new ArrayList<>();
    private final Map<TableId, Integer> narrowedTo = new HashMap<>();
    private final List<Gateway> unanswered = new ArrayList<>();
    private final long unflushedBytes;
    private final Duration keyWindow;
    private final boolean copies;
    private int tableIds;
    private @Nullable Actions actions;

    World(Random random) {
        this.random = random;
        this.faults = new Faults(random, coverage);
        this.clients = new Clients(this);
        this.invariants = new Invariants(this);
        this.keys = new KeyInvariants(this);
        this.copies = random.nextInt(5) == 0;
        this.unflushedBytes = faults.oneOf(12_000, 30_000, 1_000_000);
        this.keyWindow = Duration.ofSeconds(faults.oneOf(10, 120, 3_600));
        int tableCount = 2 + random.nextInt(3);
        for (int i = 0; i < tableCount; i++) {
            names.add(create(new TableName("main", "fleet", "t" + i)));
        }
        int spares = 1 + random.nextInt(2);
        long maxBytes = (spares + 2L + random.nextInt(8)) * SEGMENT_BYTES;
        LogSettings settings = new LogSettings(
                SEGMENT_BYTES,
                maxBytes,
                SEGMENT_BYTES / 4,
                4096,
                spares,
                maxBytes,
                new KeyRetention(keyWindow, KEY_FILES_BYTES));
        SimulatedDisk disk = new SimulatedDisk(new Random(random.nextLong()), 4 * maxBytes);
        machines.add(new Machine(this, "a", settings, disk, new Ledger(violations, requests, keyWindow.toMillis())));
        this.actions = new Actions(this);
        tables.misfits(this::isMisfit);
        tables.entriesMax(faults.oneOf(Integer.MAX_VALUE, Integer.MAX_VALUE, 1, 4, 30));
    }

    Actions actions() {
        return Objects.requireNonNull(actions);
    }

    private LoggedTable create(TableName name) {
        LoggedTable table = new LoggedTable(new TableId("table-" + tableIds++), name, "fleet/" + name.table());
        landings.follow(table);
        return table;
    }

    /** Replaces a table by another of its name. */
    void recreate(LoggedTable table) {
        LoggedTable anew = create(table.name());
        tables.foreignRecreate(anew);
        dropped.add(table);
        names.set(names.indexOf(table), anew);
    }

    boolean hasDropped() {
        return !dropped.isEmpty();
    }

    boolean isDropped(LoggedTable table) {
        return dropped.contains(table);
    }

    /** How many tables there are and were. */
    int tableCount() {
        return tableIds;
    }

    /** Somebody alters a table so that some rows of before do not fit any more. */
    void narrow(LoggedTable table) {
        tables.foreignAlter(table.id());
        narrowedTo.put(table.id(), tables.layout(table.id()));
    }

    private boolean isMisfit(int row) {
        Request request = requests.of(row);
        return request != null
                && row % 3 == 0
                && Integer.parseInt(request.schema.schemaJson())
                        < narrowedTo.getOrDefault(request.table().id(), 0);
    }

    /** Whether this seed has somebody copy the log. */
    boolean hasCopies() {
        return copies;
    }

    /** How long keys are known. */
    Duration keyWindow() {
        return keyWindow;
    }

    long unflushedBytes() {
        return unflushedBytes;
    }

    LoggedTable anyTable() {
        return names.get(random.nextInt(names.size()));
    }

    Machine anyMachine() {
        return machines.get(random.nextInt(machines.size()));
    }

    /** Whether two processes with copies of one log may meet. */
    boolean mayFence() {
        return machines.size() > 1;
    }

    /** A commit is on its way that its process knows nothing about. */
    void sentWithoutAnswer(Gateway by) {
        unanswered.add(by);
    }

    /** Whether the process that made the last commit to a table still runs. */
    boolean lastCommitterLives(LoggedTable table) {
        Optional<String> run = tables.committedBy(table.id());
        return machines.stream()
                .map(Machine::gateway)
                .anyMatch(gateway -> gateway != null && run.equals(Optional.of(gateway.run())));
    }

    /** Such commits arrive now, or fail for good. */
    void landLate() {
        if (unanswered.isEmpty()) {
            return;
        }
        long before = rowsInTables();
        tables.landLate();
        boolean landed = rowsInTables() > before;
        coverage.saw(landed ? Event.COMMIT_LANDED_LATE : Event.COMMIT_NEVER_LANDED);
        if (landed && unanswered.stream().anyMatch(by -> by.calls().isDead())) {
            coverage.saw(Event.COMMIT_LANDED_AFTER_RESTART);
        }
        unanswered.clear();
        trace.step("late commits arrive" + (landed ? "" : " and fail"));
    }

    private long rowsInTables() {
        return names.stream().mapToLong(table -> tables.rows(table.id()).size()).sum();
    }

    /** A process did not come up; only its disk may be the reason. */
    void startFailed(Gateway gateway, IOException cause) {
        trace.step(gateway + " does not start: " + cause.getMessage());
        coverage.saw(Event.RECOVERY_FAILED);
        violations.unless(
                gateway.calls().takeFailed(), () -> "A good disk does not let the log open: " + cause.getMessage());
    }
}
