package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Seed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails below Java, under load. What it does to the log ends the process; what it does to tables does not. */
class DiskFaultsTest {
    private static final String TABLE = "main.fleet.telemetry";
    private static final Duration FORCE = Duration.ofMillis(300);

    private static final String BUSY = """
            log: { segment-bytes: 1MiB, max-bytes: 64MiB }
            limits: { max-entry-bytes: 256KiB, table-unflushed-bytes: 32MiB }
            commit: { interval: 100ms, file-target: 1MiB }
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final Random random = Seed.forTest("DiskFaultsTest").random();
    private FaultyDisk disk;

    @BeforeEach
    void compile() throws Exception {
        FaultTools.need(FaultyDisk.obstacle());
        disk = FaultyDisk.in(directory);
    }

    @Test
    void aForceOfTheLogThatFailsEndsTheGatewayAndWhatItAckedIsThere() throws Exception {
        disk.onFiles(directory + "/log");
        endsTheGateway(() -> disk.failForcesAfter(random.nextInt(50)), "Input/output error");
    }

    @Test
    @Tag("slow")
    void aFullDiskUnderTheActiveSegmentEndsTheGateway() throws Exception {
        disk.onFiles(directory + "/log");
        endsTheGateway(() -> disk.failWrites(FaultyDisk.ENOSPC), "No space left on device");
    }

    @Test
    @Tag("slow")
    void aDiskUnderTheLogThatBecameReadOnlyEndsTheGateway() throws Exception {
        disk.onFiles(directory + "/log");
        endsTheGateway(() -> disk.failWrites(FaultyDisk.EROFS), "Read-only file system");
    }

    private void endsTheGateway(Runnable fault, String cause) throws Exception {
        try (HeadgateProgram program = program();
                Devices devices = new Devices(program, List.of(TABLE), 500)) {
            for (int round = 0; round < 2; round++) {
                program.start();
                if (round == 0) {
                    devices.start(4, random);
                }
                devices.awaitAcks(20);
                fault.run();
                assertEquals(HeadgateProgram.GATEWAY_FAILED, program.awaitEnd());
                String last = Files.readString(program.log());
                assertTrue(last.contains("The log failed, so the gateway ends") && last.contains(cause), last);
                disk.heal();
            }
            program.start();
            devices.stop();
            devices.awaitAllAccountedFor();
            assertEquals(0, program.terminate());
            program.runConfigured("verify", "--deep").ok();
        }
    }

    @Test
    @Tag("slow")
    void tablesWhoseForcesFailWaitInTheLogUntilTheySucceed() throws Exception {
        disk.onFiles(directory + "/tables");
        tablesWait(() -> disk.failForcesAfter(random.nextInt(5)));
    }

    @Test
    @Tag("slow")
    void tablesWhoseDiskIsFullWaitInTheLogUntilItIsNot() throws Exception {
        disk.onFiles(directory + "/tables");
        tablesWait(() -> disk.failWrites(FaultyDisk.ENOSPC));
    }

    private void tablesWait(Runnable fault) throws Exception {
        try (HeadgateProgram program = program();
                Devices devices = new Devices(program.start(), List.of(TABLE), 500)) {
            devices.start(2, random).awaitAcks(20);
            fault.run();
            program.awaitDegraded(TABLE);
            devices.awaitAcks(20);
            disk.heal();
            devices.stop();
            devices.awaitAllAccountedFor();
            program.awaitNoTrouble();
            assertEquals(0, program.terminate());
            program.runConfigured("verify", "--deep").ok();
        }
    }

    @Test
    void anAckWaitsForTheForceHoweverLongItTakes() throws Exception {
        disk.onFiles(directory + "/log");
        try (HeadgateProgram program = program()) {
            program.start();
            String token = program.token("device", TABLE);
            for (int i = 0; i < 3; i++) {
                disk.delayForces(FORCE);
                long started = System.nanoTime();
                program.insert(TABLE, token, "{\"request\":" + i + ",\"attempt\":1,\"n\":1}");
                long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
                assertTrue(tookMillis >= FORCE.toMillis(), "acked after " + tookMillis + " ms");
                disk.heal();
            }
            assertTrue(disk.forces() >= 3);
            program.awaitRows(TABLE, 3);
        }
    }

    private HeadgateProgram program() throws Exception {
        HeadgateProgram program = new HeadgateProgram(directory, Jdks.current(), BUSY);
        program.createTable(TABLE, Devices.COLUMNS);
        disk.under(program);
        return program;
    }
}
