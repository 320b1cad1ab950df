package io.headgate.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.model.Seed;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many lives under all faults at once. {@code simulation/run} lives more of them, see CONTRIBUTING.md. */
class SimulationTest {
    /** A seed given on the command line is played alone. */
    private static final int SEEDS =
            Integer.getInteger("headgate.seeds", Long.getLong("headgate.seed") == null ? 2_000 : 1);

    /** The same ones each time: a build goes red for what was changed, and {@code simulation/run} looks for new ones. */
    private static final long FIRST_SEED = Long.getLong("headgate.seed", 1);

    /** So many meet everything, with a wide margin. */
    private static final int SEEDS_FOR_COVERAGE = 2_000;

    @Test
    void whatWasPromisedIsThere() {
        System.out.println("SimulationTest: seeds from " + FIRST_SEED + " on, " + SEEDS + " of them");
        Coverage coverage = new Coverage();
        for (int i = 0; i < SEEDS; i++) {
            coverage.add(Simulation.run(FIRST_SEED + i).coverage());
        }
        System.out.print(coverage);
        if (SEEDS >= SEEDS_FOR_COVERAGE) {
            assertEquals(List.of(), coverage.missing(), "what these lives must meet, and did not");
        }
    }

    @Test
    void aSeedDoesTheSameEachTime() {
        long first = Seed.forTest("aSeedDoesTheSameEachTime").value();
        for (int i = 0; i < 20; i++) {
            long seed = first + i;
            assertEquals(Simulation.run(seed).traceHash(), Simulation.run(seed).traceHash(), () -> "seed " + seed);
        }
    }
}
