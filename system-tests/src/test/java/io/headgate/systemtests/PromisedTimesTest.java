package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** How soon users were told that something happens. */
@Isolated("it measures")
class PromisedTimesTest {
    private static final String TABLE = "main.fleet.telemetry";
    private static final Duration VISIBLE = Duration.ofSeconds(4);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    /**
     * Other work on the machine only ever adds to the time, so the best of three counts; on a machine that is slow all along,
     * a start may take so many times what the program takes to say its version.
     */
    @Test
    void quickstartIsReadyWithinItsBounds() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory).asShipped()) {
            long version = version(program);
            long firstMax = Math.max(6_000, 16 * version);
            long againMax = Math.max(3_000, 8 * version);
            long first = Long.MAX_VALUE;
            long again = Long.MAX_VALUE;
            for (int attempt = 0; attempt < 3 && (first > firstMax || again > againMax); attempt++) {
                Path data = directory.resolve("data-" + attempt);
                first = Math.min(first, quickstart(program, data));
                assertEquals(0, program.terminate());
                again = Math.min(again, quickstart(program, data));
                assertEquals(0, program.terminate());
            }
            assertTrue(first <= firstMax, first + " ms the first time, " + version + " ms for its version");
            assertTrue(again <= againMax, again + " ms to start, " + version + " ms for its version");
        }
    }

    /** How long the program takes to say its version, in milliseconds. */
    private static long version(HeadgateProgram program) throws Exception {
        long started = System.nanoTime();
        program.run("--version").ok();
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        System.out.println("version said after " + tookMillis + " ms");
        return tookMillis;
    }

    /** Starts a quickstart and waits until it is ready; how long that took, in milliseconds. */
    private static long quickstart(HeadgateProgram program, Path data) throws Exception {
        long started = System.nanoTime();
        program.quickstart(data);
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        System.out.println("quickstart ready after " + tookMillis + " ms");
        return tookMillis;
    }

    @Test
    void rowsAreVisibleWithinFourSecondsOnceWarm() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory).asShipped()) {
            program.createTable(TABLE, "s STRING");
            program.start();
            String token = program.token("device-1", TABLE);
            program.insert(TABLE, token, "[{\"s\":\"warm\"}]");
            DeltaFiles table = program.awaitRows(TABLE, 1);
            for (int row = 2; row <= 4; row++) {
                int expected = row;
                program.insert(TABLE, token, "[{\"s\":\"x\"}]");
                Eventually.holds("row " + row, VISIBLE, () -> table.count() == expected);
            }
        }
    }

    @Test
    void aTableCreatedBesideARunningGatewayIsSeenWithinASecond() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            program.start();
            String token = program.token("device-1", TABLE);
            assertEquals(404, program.post(TABLE, token, "[{\"s\":\"a\"}]").statusCode());
            program.createTable(TABLE, "s STRING");
            Eventually.holds(
                    "the new table takes rows",
                    Duration.ofSeconds(1),
                    () -> program.post(TABLE, token, "[{\"s\":\"a\"}]").statusCode() == 200);
        }
    }
}
