package io.headgate.simulation;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The first promise that was broken. Kept, since what runs into it may be caught by the very code under test. */
final class Violations {
    private @Nullable AssertionError first;

    /** Breaks off unless {@code holds}. */
    void unless(boolean holds, Supplier<String> problem) {
        if (!holds) {
            throw found(new AssertionError(problem.get()));
        }
    }

    AssertionError found(AssertionError violation) {
        AssertionError earliest = first == null ? violation : first;
        first = earliest;
        return earliest;
    }

    void rethrow() {
        if (first != null) {
            throw first;
        }
    }
}
