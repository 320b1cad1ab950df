package io.headgate.simulation;

import io.headgate.batching.LoggedTable;
import io.headgate.batching.SimulatedTables.Step;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * What goes wrong, and how often: each seed has its own mixture, from nothing at all to more than any real machine would
 * survive for an hour.
 */
final class Faults {
    /** What becomes of one call. */
    enum Fate {
        NORMAL,
        FAILS,
        DIES_BEFORE,
        DIES_DURING,
        DIES_AFTER
    }

    private final Random random;
    private final Coverage coverage;
    private final int tableFaultPercent;
    private final int interleavePercent;
    private final int slowPerMille;
    private final int dyingStartPercent;
    private final int failingStartPercent;
    private final Set<LoggedTable> away = new HashSet<>();
    private boolean healed;

    Faults(Random random, Coverage coverage) {
        this.random = random;
        this.coverage = coverage;
        this.tableFaultPercent = oneOf(0, 0, 5, 15, 40);
        this.interleavePercent = oneOf(0, 5, 20, 40);
        this.slowPerMille = oneOf(0, 2, 20);
        this.dyingStartPercent = oneOf(0, 10, 40);
        this.failingStartPercent = oneOf(0, 10, 30);
    }

    int oneOf(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private boolean percent(int chance) {
        return !healed && random.nextInt(100) < chance;
    }

    /** From now on nothing goes wrong. */
    void heal() {
        healed = true;
        away.clear();
    }

    /** How many calls a process that starts now makes before it dies; 0 for no such end. */
    int callsUntilDeath() {
        return percent(dyingStartPercent) ? 1 + random.nextInt(random.nextBoolean() ? 40 : 400) : 0;
    }

    /** How many calls to its disk such a process makes before one fails; 0 for none. */
    int diskCallsUntilFailure() {
        return percent(failingStartPercent) ? 1 + random.nextInt(random.nextBoolean() ? 40 : 400) : 0;
    }

    /** Whether a process dies as it lets go of a segment from which it took what is still needed: seldom met by chance. */
    boolean diesInFreeing() {
        return percent(30);
    }

    Fate death() {
        return switch (random.nextInt(3)) {
            case 0 -> Fate.DIES_BEFORE;
            case 1 -> Fate.DIES_DURING;
            default -> Fate.DIES_AFTER;
        };
    }

    /** Whether others get their turn while a call runs. */
    boolean interleaves() {
        return percent(interleavePercent);
    }

    boolean slow() {
        return !healed && random.nextInt(1000) < slowPerMille;
    }

    /** The storage of a table goes away, or comes back. */
    void toggle(LoggedTable table) {
        if (!away.remove(table)) {
            away.add(table);
        }
    }

    boolean isAway(LoggedTable table) {
        return away.contains(table);
    }

    /** Whether a step at a table fails. */
    boolean fails(Step step) {
        boolean fails = percent(tableFaultPercent) && random.nextInt(4) == 0;
        if (fails && step == Step.COMMIT_BEFORE) {
            coverage.saw(Event.COMMIT_FAILED_BEFORE);
        } else if (fails && step == Step.COMMIT_AFTER) {
            coverage.saw(Event.COMMIT_ANSWER_LOST);
        }
        return fails;
    }
}
