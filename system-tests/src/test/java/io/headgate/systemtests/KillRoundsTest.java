package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.model.Seed;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 at random moments under the load of devices that try again what was not acked, half of it under keys; while the
 * gateway starts and recovers, too, several times in a row. Then every acked attempt is in its table once, and so is every
 * request with a key, however often it was sent and acked; and {@code verify} finds no fault.
 */
class KillRoundsTest {
    private static final int DEVICES = 8;
    private static final List<String> TABLES = List.of("main.kill.one", "main.kill.two", "main.kill.three");

    // Much rolls, is committed and is trimmed within a round.
    private static final String BUSY = """
            log: { segment-bytes: 1MiB, max-bytes: 64MiB }
            limits: { max-entry-bytes: 256KiB, table-unflushed-bytes: 32MiB }
            commit: { interval: 100ms, file-target: 1MiB }
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void nothingAckedIsLostAndNothingIsTwice() throws Exception {
        play(3);
    }

    @Test
    @Tag("slow")
    void nothingAckedIsLostAndNothingIsTwiceForLong() throws Exception {
        play(50);
    }

    private void play(int rounds) throws Exception {
        Random random = Seed.forTest("KillRoundsTest").random();
        try (HeadgateProgram program = new HeadgateProgram(directory, Jdks.current(), BUSY)) {
            for (String table : TABLES) {
                program.createTable(table, Devices.COLUMNS);
            }
            int kills = 0;
            try (Devices devices = new Devices(program, TABLES, 200).withKeys().start(DEVICES, random)) {
                for (int round = 0; round < rounds; round++) {
                    kills += round(program, devices, random);
                }
                program.start();
                devices.stop();
                devices.awaitAllAccountedFor();
                System.out.println(rounds + " rounds, " + kills + " kills: " + devices);
            }
            assertEquals(0, program.terminate());
            program.runConfigured("verify", "--deep").ok();
        }
    }

    /** Ends with the gateway dead; the number of its deaths. */
    private static int round(HeadgateProgram program, Devices devices, Random random) throws Exception {
        int early = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0;
        for (int i = 0; i < early; i++) {
            program.launchServe();
            pause(random.nextInt(1_200));
            program.kill();
        }
        program.start();
        devices.awaitAcks(1);
        pause(random.nextInt(1_000));
        program.kill();
        return early + 1;
    }

    private static void pause(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - until < 0) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }
}
