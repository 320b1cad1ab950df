package io.headgate.model;

import java.util.Random;

/**
 * The seed of a randomized test: printed by every run, and replayed with {@code -Dheadgate.seed=N}.
 *
 * @param value the seed
 */
public record Seed(long value) {
    /** The seed given on the command line, else a new one; printed with the name of the test. */
    public static Seed forTest(String test) {
        Long given = Long.getLong("headgate.seed");
        Seed seed = new Seed(given != null ? given : new Random().nextLong());
        System.out.println(test + ": seed " + seed.value + " (replay with -Dheadgate.seed=" + seed.value + ")");
        return seed;
    }

    /** A generator that always yields the same numbers for this seed. */
    public Random random() {
        return new Random(value);
    }
}
