package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import io.headgate.model.Seed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * File systems that fill up, become read-only or go away under load, and come back without a restart. Where the log can
 * take rows, they are acked and wait for their table; where it cannot, requests are refused, or the gateway ends.
 */
class StorageAwayTest {
    private static final String TABLE = "main.fleet.telemetry";
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private static final String BUSY = """
            log: { segment-bytes: 1MiB, max-bytes: 256MiB }
            limits: { max-entry-bytes: 256KiB, table-unflushed-bytes: 128MiB }
            commit: { interval: %s }
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final Random random = Seed.forTest("StorageAwayTest").random();

    /** Takes something away, or gives it back. */
    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    @Test
    void aFullDiskUnderTheLogRefusesAndAcceptsAgainOnceThereIsRoom() throws Exception {
        Path log = directory.resolve("log");
        try (MountSpace mounts = mounts();
                // Nothing is committed, so nothing is trimmed: what is acked has to stay.
                HeadgateProgram program = program("1h").in(mounts)) {
            mounts.mountSmall(log, 12 << 20);
            Devices devices = new Devices(program.start(), List.of(TABLE), 1_000);
            try (devices) {
                devices.start(4, random).awaitAcks(20);
                Path filler = fill(mounts.seen(log));
                String refusal = devices.awaitRefusal();
                assertTrue(refusal.contains("The log has no room: its disk is full"), refusal);
                assertTrue(program.ready().contains("The log's disk is full"), program.ready());
                Files.delete(filler);
                devices.awaitAcks(20);
                assertEnds(program, devices);
            }
        }
    }

    @Test
    @Tag("slow")
    void tablesOnAFullDiskCatchUpOnceThereIsRoom() throws Exception {
        Path tables = directory.resolve("tables");
        try (MountSpace mounts = mounts();
                HeadgateProgram program = program("100ms").in(mounts)) {
            mounts.mountSmall(tables, 24 << 20);
            program.createTable(TABLE, Devices.COLUMNS);
            Path[] filler = new Path[1];
            catchUp(program, () -> filler[0] = fill(mounts.seen(tables)), () -> Files.delete(filler[0]));
        }
    }

    @Test
    @Tag("slow")
    void tablesThatBecomeReadOnlyCatchUpOnceTheyMayBeWritten() throws Exception {
        Path tables = directory.resolve("tables");
        try (MountSpace mounts = mounts();
                HeadgateProgram program = program("100ms").in(mounts)) {
            mounts.mountOnItself(tables);
            catchUp(
                    program,
                    // Refused for as long as a file is open for writing.
                    () -> eventually(() -> mounts.setReadOnly(tables, true)),
                    () -> mounts.setReadOnly(tables, false));
        }
    }

    @Test
    @Tag("slow")
    void tablesThatAreAwayCatchUpOnceTheyAreBack() throws Exception {
        Path tables = directory.resolve("tables");
        Path away = directory.resolve("away");
        try (HeadgateProgram program = program("100ms")) {
            catchUp(program, () -> Files.move(tables, away), () -> {
                // Whoever made it in the meantime made it empty.
                Files.deleteIfExists(tables);
                Files.move(away, tables);
            });
        }
    }

    private void catchUp(HeadgateProgram program, Step takeAway, Step giveBack) throws Exception {
        try (Devices devices = new Devices(program.start(), List.of(TABLE), 200)) {
            devices.start(2, random).awaitAcks(20);
            DeltaFiles table = new DeltaFiles(program.tableDirectory(TABLE));
            Eventually.holds("a commit", WITHIN, () -> table.count() > 0);
            takeAway.run();
            program.awaitDegraded(TABLE);
            devices.awaitAcks(50);
            giveBack.run();
            devices.awaitAcks(20);
            program.awaitNoTrouble();
            assertEnds(program, devices);
        }
    }

    @Test
    @Tag("slow")
    void aLogThatIsTakenAwayEndsTheGatewayAndARestartHasAllThatWasAcked() throws Exception {
        Path log = directory.resolve("log");
        Path away = directory.resolve("away");
        try (HeadgateProgram program = program("100ms");
                Devices devices = new Devices(program.start(), List.of(TABLE), 1_000)) {
            devices.start(2, random).awaitAcks(20);
            Files.move(log, away);
            assertEquals(HeadgateProgram.GATEWAY_FAILED, program.awaitEnd());
            String last = Files.readString(program.log());
            assertTrue(last.contains("The log failed, so the gateway ends"), last);
            Files.move(away, log);
            program.start();
            devices.awaitAcks(20);
            assertEnds(program, devices);
        }
    }

    @Test
    @Tag("slow")
    void aFileSystemThatGivesUpUnderTheLogEndsTheGatewayAndARestartHasAllThatWasAcked() throws Exception {
        Assumptions.assumeTrue(MountSpace.diskObstacle().isEmpty(), MountSpace.diskObstacle());
        Path log = directory.resolve("log");
        Path disk = directory.resolve("disk");
        try (MountSpace mounts = mounts();
                HeadgateProgram program = program("1h").in(mounts)) {
            mounts.mountDisk(disk, log);
            Devices devices = new Devices(program.start(), List.of(TABLE), 1_000);
            try (devices) {
                devices.start(2, random).awaitAcks(50);
                mounts.abort(log);
                assertEquals(HeadgateProgram.GATEWAY_FAILED, program.awaitEnd());
                String last = Files.readString(program.log());
                assertTrue(last.contains("Read-only file system"), last);
                mounts.unmount(log);
                mounts.mountDisk(disk, log);
                program.start();
                devices.awaitAcks(20);
                assertEnds(program, devices);
            }
        }
    }

    private HeadgateProgram program(String commitInterval) throws Exception {
        HeadgateProgram program = new HeadgateProgram(directory, Jdks.current(), BUSY.formatted(commitInterval));
        program.createTable(TABLE, Devices.COLUMNS);
        return program;
    }

    private static MountSpace mounts() throws Exception {
        FaultTools.need(MountSpace.obstacle());
        return new MountSpace();
    }

    /** Writes until there is no room; the file to delete. */
    private static Path fill(Path directory) throws IOException {
        Path filler = directory.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] bytes = new byte[4096];
            while (true) {
                out.write(bytes);
            }
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("No space left"), e.getMessage());
            return filler;
        }
    }

    private static void eventually(Step step) {
        Callable<Boolean> once = () -> {
            step.run();
            return true;
        };
        Eventually.holds("possible", WITHIN, once);
    }

    private static void assertEnds(HeadgateProgram program, Devices devices) throws Exception {
        devices.stop();
        assertEquals(0, program.terminate());
        devices.awaitAllAccountedFor();
        program.runConfigured("verify", "--deep").ok();
    }
}
