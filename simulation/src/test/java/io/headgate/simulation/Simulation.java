package io.headgate.simulation;

import io.headgate.batching.LoggedTable;
import io.headgate.wal.LogState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * One life of a gateway, its disk and its tables, chosen by one seed: a few hundred steps in which anything may happen,
 * then all is healed, and what was promised must be there.
 */
public final class Simulation {
    private static final int SETTLING_MAX = 200;

    private final World world;
    private final Random random;

    private Simulation(long seed) {
        // Neighbouring seeds of a Random begin alike.
        this.random = new Random(new SplittableRandom(seed).nextLong());
        this.world = new World(random);
    }

    /**
     * What became of a life.
     *
     * @param traceHash the same for two runs that did the same
     */
    record Outcome(long traceHash, Coverage coverage) {}

    /**
     * Lives the life of a seed, and fails with the way to it if a promise was broken. For callers that know this class
     * by its name only.
     */
    public static void check(long seed) {
        run(seed);
    }

    static Outcome run(long seed) {
        Simulation simulation = new Simulation(seed);
        try {
            simulation.live();
            return new Outcome(simulation.world.trace.hash(), simulation.world.coverage);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "Seed " + seed + " (alone: simulation/run 1 " + seed + "): " + e.getMessage()
                            + "\nIts last steps:\n" + simulation.world.trace,
                    e);
        }
    }

    private void live() {
        int steps = 100 + random.nextInt(600);
        world.machines.get(0).start();
        for (int i = 0; i < steps; i++) {
            world.actions().happens();
            world.invariants.afterStep();
        }
        world.trace.step("all is healed");
        heal();
        settle();
        world.invariants.atTheEnd();
        if (!world.mayFence()) {
            budgetsAreFree();
        }
        restart();
        settle();
        world.invariants.atTheEnd();
    }

    private void heal() {
        world.faults.heal();
        for (Machine machine : world.machines) {
            machine.disk().noFault();
            machine.disk().capacity(100 * machine.settings().maxBytes());
            Gateway gateway = machine.gateway();
            if (gateway != null && (gateway.fatal() != null || random.nextBoolean())) {
                machine.end(gateway, random.nextBoolean());
            }
            Gateway left = machine.gateway();
            if (left != null) {
                left.calls().dieIn(0, Calls.ANY);
                left.calls().failIn(0, Calls.ANY);
            }
        }
    }

    private void restart() {
        for (Machine machine : world.machines) {
            Gateway gateway = machine.gateway();
            if (gateway != null) {
                machine.end(gateway, random.nextBoolean());
            }
        }
    }

    /** Lets everything happen that is to happen. */
    private void settle() {
        for (Machine machine : world.machines) {
            if (machine.gateway() == null) {
                machine.start();
            }
        }
        List<String> left = List.of();
        for (int i = 0; i < SETTLING_MAX; i++) {
            world.landLate();
            world.clock.advance(Duration.ofSeconds(1 + i / 4));
            world.machines.forEach(this::settle);
            world.invariants.afterStep();
            left = left();
            if (left.isEmpty()) {
                return;
            }
        }
        List<String> unsettled = left;
        world.violations.unless(false, () -> "With nothing in the way, not committed: " + unsettled);
    }

    private void settle(Machine machine) {
        Gateway gateway = machine.gateway();
        if (gateway == null) {
            return;
        }
        do {
            for (int i = 0; i < 30; i++) {
                gateway.loop();
                gateway.write();
                gateway.prepare();
                gateway.work();
            }
            gateway.tick();
        } while (gateway.isBusy());
        world.violations.unless(gateway.fatal() == null, () -> "On a good disk: " + gateway.fatal());
    }

    private List<String> left() {
        List<String> left = new ArrayList<>();
        for (Machine machine : world.machines) {
            Gateway gateway = machine.gateway();
            if (gateway != null && !machine.isFenced()) {
                left.addAll(world.invariants.pending(gateway));
                left.addAll(world.invariants.notLanded(machine));
                LogState log = gateway.log().state();
                if (!world.hasDropped()
                        && log.sizeBytes()
                                > (1L + log.readySpares()) * machine.settings().segmentBytes()) {
                    left.add("a log with more than its active segment: " + log);
                }
            }
        }
        return left;
    }

    /** Fills each table's budget, and lets it be committed. */
    private void budgetsAreFree() {
        for (Machine machine : world.machines) {
            Gateway gateway = machine.gateway();
            for (LoggedTable table : world.names) {
                if (gateway != null) {
                    var opened = gateway.streams().open(table);
                    settle();
                    opened.join();
                    fill(gateway, table);
                    settle();
                }
            }
        }
    }

    private void fill(Gateway gateway, LoggedTable table) {
        long taken = 0;
        Request last = world.clients.send(gateway, table, 200);
        gateway.runLoops();
        while (last.outcome == Request.Outcome.OFFERED) {
            taken += last.entryBytes();
            gateway.write();
            gateway.prepare();
            last = world.clients.send(gateway, table, 200);
            gateway.runLoops();
        }
        world.invariants.budgetIsFree(table, taken, last);
    }
}
