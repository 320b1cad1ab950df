package io.headgate.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The simulation finds bugs: each one that is planted, within so many seeds, none of which the real code fails. A mutant
 * that survives means that the simulation is too weak, or that the line it changes is not needed.
 */
@Tag("slow")
class MutantsTest {
    private static final int SEEDS_MAX = Integer.getInteger("headgate.mutant.seeds", 5_000);
    private static final Path ROOT = Path.of(System.getProperty("headgate.root", ".."));

    @TempDir
    private static Path empty;

    // One loader for all, so that its code gets warm.
    private static @Nullable MutantLoader unmutated;
    private static int passed;

    @TempDir
    private Path work;

    static List<Mutant> mutants() {
        return Mutants.ALL;
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void theSimulationCatches(Mutant mutant) throws IOException, ReflectiveOperationException {
        MutantLoader mutated = MutantLoader.of(mutant, ROOT, work);
        for (int seed = 1; seed <= SEEDS_MAX; seed++) {
            Optional<Throwable> caught = mutated.run(seed);
            if (caught.isPresent()) {
                System.out.println(mutant + ": caught after " + seed + " seeds: " + firstLine(caught.get()));
                theRealCodePasses(seed);
                return;
            }
        }
        fail("Survived " + SEEDS_MAX + " seeds: " + mutant);
    }

    private static void theRealCodePasses(int seeds) throws ReflectiveOperationException {
        MutantLoader real = unmutated;
        if (real == null) {
            real = MutantLoader.unmutated(empty);
            unmutated = real;
        }
        while (passed < seeds) {
            passed++;
            assertEquals(Optional.empty(), real.run(passed), "the real code, through the same loader");
        }
    }

    private static String firstLine(Throwable caught) {
        return String.valueOf(caught.getMessage()).lines().findFirst().orElse("");
    }
}
