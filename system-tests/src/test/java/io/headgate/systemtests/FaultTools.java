package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Assumptions;

/** Which faults this machine lets tests make. With {@code -Dheadgate.faults=required}, as in CI, it must allow for all. */
final class FaultTools {
    private FaultTools() {}

    /** Skips the test, and says so, if there is an obstacle. */
    static void need(String obstacle) {
        if ("required".equals(System.getProperty("headgate.faults"))) {
            assertEquals("", obstacle);
        }
        Assumptions.assumeTrue(obstacle.isEmpty(), obstacle);
    }
}
