package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import io.headgate.model.Seed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A wall clock that jumps under load: commits go on by another clock, and tokens are judged only by one that can be right. */
class ClockJumpsTest {
    private static final String TABLE = "main.fleet.telemetry";
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final String ROW = "{\"request\":0,\"attempt\":0,\"n\":0}";

    // Devices whose tokens outlive the jumps.
    private static final String LONG_TOKENS = """
            commit: { interval: 100ms }
            auth: { issuer: { token-ttl: 365d } }
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final Random random = Seed.forTest("ClockJumpsTest").random();
    private FaultyDisk clock;

    @BeforeEach
    void compile() throws Exception {
        FaultTools.need(FaultyDisk.obstacle());
        clock = FaultyDisk.in(directory);
    }

    @Test
    void withinADayAJumpForwardAndBackIsNoticedByNobody() throws Exception {
        try (HeadgateProgram program = program();
                Devices devices = new Devices(program.start(), List.of(TABLE), 0)) {
            devices.start(2, random).awaitAcks(10);
            for (int hours : new int[] {20, 0, 10, -2}) {
                clock.setClockAhead(Duration.ofHours(hours));
                goesOn(program, devices);
            }
            clock.heal();
            assertEnds(program, devices);
        }
    }

    @Test
    @Tag("slow")
    void aYearAheadShortTokensEndAndBackAgainTheClockIsNotBelieved() throws Exception {
        try (HeadgateProgram program = program();
                Devices devices = new Devices(program.start(), List.of(TABLE), 0)) {
            List<String> printed = program.runConfigured(
                            "token", "create", "--subject", "s", "--table", TABLE, "--ttl", "1h")
                    .ok()
                    .lines();
            String shortToken = printed.get(printed.size() - 1);
            devices.start(2, random).awaitAcks(10);

            clock.setClockAhead(Duration.ofDays(360));
            goesOn(program, devices);
            assertEquals(401, program.post(TABLE, shortToken, ROW).statusCode());

            clock.heal();
            assertClockNotSet(program, devices);
            assertEquals(503, program.post(TABLE, shortToken, ROW).statusCode(), "not 401");
            program.kill();

            // What its operator says once the clock is right again.
            program.with(
                    "HEADGATE_CLOCK_IGNORE_ENTRIES_AFTER",
                    Instant.now().plus(Duration.ofDays(1)).toString());
            program.start();
            goesOn(program, devices);
            assertEnds(program, devices);
        }
    }

    @Test
    @Tag("slow")
    void beforeTheProgramWasBuiltAllAreAskedToComeBackLater() throws Exception {
        try (HeadgateProgram program = program();
                Devices devices = new Devices(program, List.of(TABLE), 0)) {
            clock.setClockAhead(Duration.ofDays(-3650));
            program.launchServe();
            devices.start(2, random);
            assertClockNotSet(program, devices);
            clock.heal();
            goesOn(program, devices);
            assertEnds(program, devices);
        }
    }

    private HeadgateProgram program() throws Exception {
        HeadgateProgram program = new HeadgateProgram(directory, Jdks.current(), LONG_TOKENS);
        program.createTable(TABLE, Devices.COLUMNS);
        clock.under(program);
        return program;
    }

    private static void goesOn(HeadgateProgram program, Devices devices) throws Exception {
        devices.awaitAcks(10);
        DeltaFiles table = new DeltaFiles(program.tableDirectory(TABLE));
        long rows = table.count();
        Eventually.holds("commits go on", WITHIN, () -> table.count() > rows);
    }

    private static void assertClockNotSet(HeadgateProgram program, Devices devices) throws Exception {
        Eventually.holds(
                "the clock is not believed",
                WITHIN,
                () -> devices.awaitRefusal().contains("This gateway's clock is not set"));
        assertTrue(program.ready().contains("clock not set"), program.ready());
    }

    private static void assertEnds(HeadgateProgram program, Devices devices) throws Exception {
        devices.stop();
        devices.awaitAllAccountedFor();
        assertEquals(0, program.terminate());
        program.runConfigured("verify", "--deep").ok();
    }
}
