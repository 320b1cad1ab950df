package io.headgate.simulation;

import io.headgate.batching.LoggedTable;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What can happen next. Each seed has its own odds. */
final class Actions {
    /** Something that happens. */
    private enum Action {
        SEND(30),
        WRITE(20),
        PREPARE(12),
        WORK(15),
        LOOP(25),
        TICK(6),
        TIME(8),
        OBSERVE(2),
        FOREIGN_COMMIT(1),
        FOREIGN_ALTER(1),
        LAND_LATE(1),
        FOREIGN_REPLACE(2),
        STORAGE(1),
        HOURS(1),
        FORGET(1),
        CAPACITY(1),
        DEATH_AHEAD(3),
        DEATH_AT_TABLE(1),
        FAILURE_AHEAD(1),
        COPY(5),
        RECREATE(1),
        KILL(1),
        STOP(1);

        private final int odds;

        Action(int odds) {
            this.odds = odds;
        }
    }

    /** Kinds of calls: the rare ones are to be met as often as the frequent ones. */
    private static final List<Pattern> CALLS = Stream.of(
                    "",
                    "",
                    "park",
                    "park",
                    "\\.key",
                    "\\.key",
                    "spare to .*segment",
                    "preparing",
                    "delete .*segment|segment to .*spare",
                    "force directory",
                    "force .*segment")
            .map(Pattern::compile)
            .toList();

    private static final List<Pattern> TABLE_CALLS =
            Stream.of("load", "write \\[", "commit", "").map(Pattern::compile).toList();

    /** What goes on all the time. */
    private static final Set<Action> DAILY = EnumSet.range(Action.SEND, Action.OBSERVE);

    /** What may happen while a process waits for a call: the first ones, up to this. */
    private static final Set<Action> CONCURRENT = EnumSet.range(Action.SEND, Action.LAND_LATE);

    // All of their notes fit into a segment.
    private static final int TABLES_MAX = 8;

    private final World world;
    private final Random random;
    private final Map<Action, Integer> odds = new EnumMap<>(Action.class);
    private final int allOdds;
    private final int concurrentOdds;

    Actions(World world) {
        this.world = world;
        this.random = world.random;
        int all = 0;
        int concurrent = 0;
        for (Action action : Action.values()) {
            int factor = DAILY.contains(action) ? 1 + random.nextInt(3) : world.faults.oneOf(0, 0, 1, 3);
            odds.put(action, action.odds * factor);
            all += action.odds * factor;
            if (CONCURRENT.contains(action)) {
                concurrent += action.odds * factor;
            }
        }
        this.allOdds = all;
        this.concurrentOdds = concurrent;
    }

    /** One of the first actions, as far as these odds go. */
    private Action next(int oddsOfFirst) {
        int left = random.nextInt(oddsOfFirst);
        for (Map.Entry<Action, Integer> each : odds.entrySet()) {
            left -= each.getValue();
            if (left < 0) {
                return each.getKey();
            }
        }
        throw new IllegalStateException("The odds do not add up");
    }

    /** The next thing happens. */
    void happens() {
        Machine machine = world.anyMachine();
        Gateway gateway = machine.gateway();
        if (gateway == null) {
            if (random.nextInt(3) == 0) {
                machine.start();
            } else {
                aroundIt(next(allOdds));
            }
            return;
        }
        Action action = next(allOdds);
        switch (action) {
            case DEATH_AHEAD -> deathAhead(gateway, CALLS);
            case DEATH_AT_TABLE -> deathAhead(gateway, TABLE_CALLS);
            case FAILURE_AHEAD -> gateway.calls().failIn(1 + random.nextInt(4), some(CALLS));
            case KILL -> machine.end(gateway, random.nextBoolean());
            case STOP -> stop(machine, gateway);
            default -> act(gateway, action);
        }
        bury(machine, gateway);
    }

    private void deathAhead(Gateway gateway, List<Pattern> calls) {
        if (!gateway.calls().isDeathAhead()) {
            gateway.calls().dieIn(1 + random.nextInt(2), some(calls));
        }
    }

    private Pattern some(List<Pattern> calls) {
        return calls.get(random.nextInt(calls.size()));
    }

    /** While a process waits for a call, its other threads go on, and so does everybody else. */
    void meanwhile(Gateway gateway) {
        Gateway acting = gateway;
        if (random.nextInt(4) == 0) {
            Gateway other = world.anyMachine().gateway();
            acting = other == null ? gateway : other;
        }
        act(acting, next(concurrentOdds));
    }

    private void act(Gateway gateway, Action action) {
        try {
            doNow(gateway, action);
        } catch (Died e) {
            world.violations.unless(gateway.calls().isDead(), () -> "Only the dead stop in the middle");
        }
    }

    private void doNow(Gateway gateway, Action action) {
        if (!gateway.isOpen() || gateway.calls().isDead()) {
            aroundIt(action);
            return;
        }
        switch (action) {
            case SEND -> world.clients.send(gateway);
            case WRITE -> gateway.write();
            case PREPARE -> gateway.prepare();
            case WORK -> gateway.work();
            case LOOP -> gateway.loop();
            case TICK -> gateway.tick();
            case OBSERVE -> gateway.observe();
            default -> aroundIt(action);
        }
    }

    private void aroundIt(Action action) {
        switch (action) {
            case TIME ->
                world.clock.advance(Duration.ofMillis(random.nextInt(random.nextInt(8) == 0 ? 40_000 : 2_000)));
            case FOREIGN_COMMIT -> foreignCommit(world.anyTable());
            case FOREIGN_ALTER -> foreignAlter(world.anyTable());
            case FOREIGN_REPLACE -> replace(world.anyTable());
            case FORGET -> forget(world.anyTable());
            case LAND_LATE -> world.landLate();
            case STORAGE -> toggleStorage();
            case HOURS -> hours();
            case CAPACITY -> capacity(world.anyMachine());
            case COPY -> copy();
            case RECREATE -> recreate();
            default -> {}
        }
    }

    private void foreignCommit(LoggedTable table) {
        world.coverage.saw(Event.FOREIGN_COMMIT);
        world.tables.foreignCommit(table.id());
    }

    private void foreignAlter(LoggedTable table) {
        world.coverage.saw(Event.SCHEMA_CHANGED);
        world.trace.step("somebody alters " + table.id().value());
        if (random.nextInt(3) == 0) {
            world.coverage.saw(Event.TABLE_NARROWED);
            world.narrow(table);
        } else {
            world.tables.foreignAlter(table.id());
        }
    }

    /** Somebody who renames files into place removes the latest commit: what was in it must still be in the log. */
    private void replace(LoggedTable table) {
        if (!world.lastCommitterLives(table)) {
            return; // whoever only found a commit in the table is fenced when it goes
        }
        List<Request> gone = world.landings.replace(table);
        if (!gone.isEmpty()) {
            world.coverage.saw(Event.COMMIT_REPLACED);
            world.trace.step(
                    "somebody replaces a commit to " + table.id().value() + " with " + gone.size() + " requests");
            world.machines.forEach(machine -> world.invariants.probe(machine));
        }
    }

    /** A table forgets transactions that are old. By then, the log has noted what they said, and nothing is missing. */
    private void forget(LoggedTable table) {
        long committed = world.tables.txn(table.id()).orElse(0);
        boolean noted = world.machines.stream()
                .allMatch(machine -> world.invariants.reopenCopy(machine).noted(table.id()) >= committed);
        boolean missing = world.requests.all().stream()
                .anyMatch(request -> request.table().id().equals(table.id()) && request.replaced && !request.landed);
        if (committed > 0 && noted && !missing) {
            world.coverage.saw(Event.TXN_FORGOTTEN);
            world.trace.step(table.id().value() + " forgets");
            world.tables.forgetTxn(table.id());
        }
    }

    private void toggleStorage() {
        LoggedTable table = world.anyTable();
        world.faults.toggle(table);
        world.trace.step(
                "the storage of " + table.id().value() + (world.faults.isAway(table) ? " is away" : " is back"));
    }

    private void hours() {
        world.coverage.saw(Event.HOURS_PASSED);
        world.clock.advance(Duration.ofMinutes(30 + random.nextInt(300)));
        world.trace.step("hours pass");
    }

    private void capacity(Machine machine) {
        long used = machine.disk().usedBytes();
        long capacity = used + random.nextInt(8) * (long) machine.settings().segmentBytes();
        if (random.nextBoolean()) {
            capacity = 4 * machine.settings().maxBytes();
        }
        world.coverage.saw(Event.DISK_FULL);
        world.trace.step(machine + " has " + (capacity - used) + " bytes free");
        machine.disk().capacity(capacity);
    }

    /** Somebody copies the log's files and starts a second process on them. */
    private void copy() {
        Machine original = world.machines.get(0);
        if (world.machines.size() == 1 && world.hasCopies() && original.isAgain()) {
            world.coverage.saw(Event.COPY_STARTED);
            world.trace.step("the log is copied");
            world.machines.add(original.copy("b", new Random(random.nextLong())));
        }
    }

    /** Somebody drops a table and creates another one by its name. */
    private void recreate() {
        LoggedTable table = world.anyTable();
        if (world.tableCount() >= TABLES_MAX) {
            return;
        }
        world.coverage.saw(Event.TABLE_RECREATED);
        world.trace.step("somebody recreates " + table.id().value());
        world.recreate(table);
    }

    private void stop(Machine machine, Gateway gateway) {
        world.trace.step(machine + " stops");
        try {
            gateway.stop();
            if (!gateway.calls().isDead()) {
                world.coverage.saw(Event.ORDERLY_STOP);
                machine.end(gateway, random.nextInt(3) == 0);
            }
        } catch (IOException e) {
            world.trace.step(machine + " stops badly: " + e.getMessage());
            machine.end(gateway, random.nextBoolean());
        } catch (Died e) {
            world.violations.unless(gateway.calls().isDead(), () -> "Only the dead stop in the middle");
        }
    }

    /** A process that died in a call, or met the end of its log, is gone; the latter not at once. */
    private void bury(Machine machine, Gateway gateway) {
        if (machine.gateway() != gateway) {
            return;
        }
        if (gateway.calls().isDead()) {
            machine.end(gateway, gateway.losesPower());
        } else if (gateway.fatal() != null && random.nextInt(4) == 0) {
            machine.end(gateway, random.nextBoolean());
        }
    }
}
