package io.headgate.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many lives under all faults at once. {@code simulation/run} lives more of them, see CONTRIBUTING.md. */
class SimulationTest {
    /** The same ones each time: a build goes red for what was changed, and {@code simulation/run} looks for new ones. */
    private static final long FIRST_SEED = Long.getLong("headgate.seed", 1);

    /** A seed given on the command line is played alone. */
    private static final boolean ONE_ALONE = Long.getLong("headgate.seed") != null;

    /** So many meet everything, with a wide margin. */
    private static final int SEEDS_FOR_COVERAGE = 2_000;

    private static final int SEEDS_OF_EACH_BUILD = 300;

    @Test
    void whatWasPromisedIsThere() {
        play(SEEDS_OF_EACH_BUILD);
    }

    @Tag("slow")
    @Test
    void whatWasPromisedIsThereWhateverMayBeMet() {
        Coverage coverage = play(SEEDS_FOR_COVERAGE);
        if (!ONE_ALONE) {
            assertEquals(List.of(), coverage.missing(), "what these lives must meet, and did not");
        }
    }

    private static Coverage play(int seeds) {
        int lives = ONE_ALONE ? 1 : seeds;
        System.out.println("SimulationTest: seeds from " + FIRST_SEED + " on, " + lives + " of them");
        Coverage coverage = new Coverage();
        for (int i = 0; i < lives; i++) {
            coverage.add(Simulation.run(FIRST_SEED + i).coverage());
        }
        System.out.print(coverage);
        return coverage;
    }

    @Test
    void aSeedDoesTheSameEachTime() {
        for (int i = 0; i < 20; i++) {
            long seed = FIRST_SEED + i;
            assertEquals(Simulation.run(seed).traceHash(), Simulation.run(seed).traceHash(), () -> "seed " + seed);
        }
    }
}
