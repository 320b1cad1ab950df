package io.headgate.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.StreamLog.Offer;
import io.headgate.model.Seed;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The log under crashes and failures of its disk, at every call and at random. */
class LogCrashTest {
    private static final int SEGMENT_BYTES = 16 * 1024;

    private static LogSettings settings(int spares, int segmentsMax) {
        return new LogSettings(
                SEGMENT_BYTES,
                (long) segmentsMax * SEGMENT_BYTES,
                SEGMENT_BYTES / 4,
                4096,
                spares,
                20L * SEGMENT_BYTES,
                new KeyRetention(Duration.ofMinutes(10), 1_000_000));
    }

    private static LogSettings withoutKeys(LogSettings settings) {
        return new LogSettings(
                settings.segmentBytes(),
                settings.maxBytes(),
                settings.maxEntryBytes(),
                settings.groupBytes(),
                settings.spareSegments(),
                settings.parkedBytes());
    }

    @Test
    void everyCallFailsOnce() throws IOException {
        everyCall("everyCallFailsOnce", SimulatedDisk.Fault.FAILURE, Integer.getInteger("headgate.log.seeds", 5));
    }

    @Test
    void powerIsLostAtEveryCall() throws IOException {
        everyCall(
                "powerIsLostAtEveryCall", SimulatedDisk.Fault.POWER_LOSS, Integer.getInteger("headgate.log.seeds", 5));
    }

    /** Runs one short life of a log with a fault in its n-th call, for n = 1, 2, 3 until a life passes without it. */
    private static void everyCall(String test, SimulatedDisk.Fault fault, int seeds) throws IOException {
        Random outer = Seed.forTest(test).random();
        for (int i = 0; i < seeds; i++) {
            long seed = outer.nextLong();
            boolean met = true;
            for (int n = 1; met; n++) {
                met = liveWithFault(seed, n, fault);
            }
        }
    }

    private static boolean liveWithFault(long seed, int n, SimulatedDisk.Fault fault) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new Random(seed ^ n), 100L * SEGMENT_BYTES);
        LogRig rig = new LogRig(new Random(seed), disk, settings(2, 7));
        disk.faultAt(n, fault);
        try {
            boolean clean = live(rig, 120);
            boolean met = !disk.isFaultAhead();
            disk.noFault();
            if (!clean || met) {
                rig.die(rig.random.nextBoolean());
                reopenThroughFaults(rig);
            }
            endWell(rig);
            return met;
        } catch (AssertionError | RuntimeException | IOException e) {
            throw new AssertionError("Seed " + seed + ", fault " + n + " (" + disk.lastFault() + ")", e);
        }
    }

    /** Opens and uses a log; false if the disk got in the way. */
    private static boolean live(LogRig rig, int actions) {
        try {
            rig.open();
            for (int i = 0; i < actions && rig.isOpen(); i++) {
                act(rig);
            }
            return rig.isOpen();
        } catch (IOException e) {
            return false;
        }
    }

    private static void act(LogRig rig) throws IOException {
        rig.later();
        switch (rig.random.nextInt(15)) {
            case 0, 1, 2, 3 -> rig.offer(rig.randomSize());
            case 4, 5, 6 -> rig.stepWriter();
            case 7, 8, 9 -> rig.stepPreallocator();
            case 10 -> rig.trim();
            case 11 -> rig.note();
            case 12 -> rig.park();
            case 13 -> rig.trimBehindParked();
            default -> rig.read();
        }
        assertTrue(
                rig.disk.usedBytes()
                        <= rig.settings.maxBytes()
                                + rig.settings.parkedBytes()
                                + rig.log().keyBytes(),
                () -> "the log takes " + rig.disk.usedBytes() + " bytes: "
                        + rig.log().state());
    }

    /** Recovers although recovery itself is struck, any number of times. */
    private static void reopenThroughFaults(LogRig rig) throws IOException {
        for (int attempt = rig.random.nextInt(4); attempt > 0; attempt--) {
            rig.disk.faultAt(
                    1 + rig.random.nextInt(30),
                    rig.random.nextBoolean() ? SimulatedDisk.Fault.FAILURE : SimulatedDisk.Fault.POWER_LOSS);
            boolean opened = live(rig, rig.random.nextInt(10));
            boolean struck = !rig.disk.isFaultAhead();
            assertTrue(opened || struck, "a disk without faults lets the log open");
            rig.disk.noFault();
            rig.die(rig.random.nextBoolean());
        }
        rig.open();
    }

    /** On a good disk again: all is there, the log has room once trimmed, goes on, and survives a last restart. */
    private static void endWell(LogRig rig) throws IOException {
        rig.disk.capacity(1000L * SEGMENT_BYTES);
        rig.readAll();
        for (int i = 0; i < 20; i++) {
            rig.offer(rig.randomSize());
        }
        rig.settle();
        rig.readAll();
        rig.trim(rig.next());
        rig.settle();
        assertEquals(Offer.ACCEPTED, rig.offer(rig.payloadBytesMax() - 200), "a trimmed log has room");
        rig.settle();
        assertTrue(rig.isOpen(), () -> "the log does not fail: " + rig.fatal());
        assertTrue(rig.log().sizeBytes() <= rig.settings.maxBytes() - SEGMENT_BYTES, "a trimmed log is small");
        restart(rig);
        rig.readAll();
        rig.close();
        rig.die(true);
        rig.open();
        rig.readAll();
    }

    private static void restart(LogRig rig) throws IOException {
        if (rig.random.nextBoolean()) {
            rig.close();
        }
        rig.die(rig.random.nextBoolean());
        rig.open();
    }

    /** The rename that makes a segment a spare may be seen by the next process and yet be undone by a loss of power. */
    @Test
    void aSpareIsWrittenToOnlyOnceItIsDurablyOne() throws IOException {
        Random outer = Seed.forTest("aSpareIsWrittenToOnlyOnceItIsDurablyOne").random();
        int struck = 0;
        for (int i = 0; i < 20; i++) {
            long seed = outer.nextLong();
            for (int n = 1; n <= 10; n++) {
                for (int k = 1; killedAsASegmentBecameASpare(seed, n, k); k++) {
                    struck++;
                }
            }
        }
        assertTrue(struck > 0, "some of these processes are killed between the rename and its force");
    }

    /** False if the n-th call was not that force, or the next process makes fewer than k calls to start. */
    private static boolean killedAsASegmentBecameASpare(long seed, int n, int k) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new Random(seed ^ k), 100L * SEGMENT_BYTES);
        LogRig rig = new LogRig(new Random(seed), disk, withoutKeys(settings(1, 7)));
        rig.open();
        while (rig.log().state().segments() < 3) {
            rig.offer(1000);
            rig.settle();
        }
        while (rig.log().state().readySpares() > 0) {
            rig.offer(1000);
            rig.stepWriter();
        }
        rig.trim(rig.next());
        disk.faultAt(n, SimulatedDisk.Fault.FAILURE);
        rig.settle();
        disk.noFault();
        if (rig.isOpen()
                || disk.renames(".segment", ".spare") != 1
                || !disk.lastFault().endsWith("force directory")) {
            return false;
        }
        rig.die(false);
        disk.faultAt(k, SimulatedDisk.Fault.POWER_LOSS);
        boolean opened = live(rig, 0);
        disk.noFault();
        try {
            rig.die(true);
            rig.open();
            endWell(rig);
        } catch (AssertionError | IOException e) {
            throw new AssertionError("Seed " + seed + ", force " + n + ", power lost in call " + k, e);
        }
        return !opened;
    }

    @Test
    void longLivesWithRandomFaults() throws IOException {
        longLives("longLivesWithRandomFaults", Integer.getInteger("headgate.log.lives", 150));
    }

    @Test
    @Tag("slow")
    void manyLongLivesWithRandomFaults() throws IOException {
        longLives("manyLongLivesWithRandomFaults", Integer.getInteger("headgate.log.lives", 2_000));
    }

    private static void longLives(String test, int lives) throws IOException {
        Random outer = Seed.forTest(test).random();
        Met met = new Met();
        for (int i = 0; i < lives; i++) {
            long seed = outer.nextLong();
            try {
                longLife(seed, met);
            } catch (AssertionError | RuntimeException | IOException e) {
                throw new AssertionError("Life " + i + " with seed " + seed, e);
            }
        }
        assertTrue(met.refused > 0, "these lives must meet full logs and full disks");
        assertTrue(met.parks > 0 && met.notParked > 0, "and park, and find no room for it");
        assertTrue(met.recycled > 0, "and use segments again");
        assertTrue(met.keyFiles > 0 && met.keysFromFiles > 0, "and write key files, and read them back");
    }

    /** What lives met. */
    private static final class Met {
        private int refused;
        private int parks;
        private int notParked;
        private long recycled;
        private long keyFiles;
        private long keysFromFiles;
    }

    private static void longLife(long seed, Met met) throws IOException {
        Random random = new Random(seed);
        int spares = 1 + random.nextInt(2);
        LogSettings settings = settings(spares, spares + 2 + random.nextInt(5));
        SimulatedDisk disk = new SimulatedDisk(random, (4L + random.nextInt(12)) * SEGMENT_BYTES);
        LogRig rig = new LogRig(random, disk, settings);
        rig.open();
        for (int restarts = 0; restarts < 12; restarts++) {
            disk.capacity((4L + random.nextInt(12)) * SEGMENT_BYTES);
            if (random.nextInt(3) > 0) {
                disk.faultAt(
                        1 + random.nextInt(400),
                        random.nextBoolean() ? SimulatedDisk.Fault.FAILURE : SimulatedDisk.Fault.POWER_LOSS);
            }
            liveOn(rig, random.nextInt(400));
            disk.noFault();
            rig.die(random.nextInt(3) > 0);
            // Recovery needs a segment's room if no spare is left.
            disk.capacity(40L * SEGMENT_BYTES);
            reopenThroughFaults(rig);
        }
        endWell(rig);
        met.refused += rig.refused();
        met.parks += rig.parks();
        met.notParked += rig.notParked();
        met.recycled += disk.renames(".segment", ".spare");
        met.keyFiles += disk.renames(".keying", ".keys");
        met.keysFromFiles += rig.keysFromFiles();
    }

    private static void liveOn(LogRig rig, int actions) {
        try {
            for (int i = 0; i < actions && rig.isOpen(); i++) {
                act(rig);
            }
            if (rig.isOpen() && rig.random.nextInt(4) == 0) {
                rig.close();
            }
        } catch (IOException e) {
            assertTrue(!rig.disk.isFaultAhead(), () -> "a disk without faults does what it is asked: " + e);
        }
    }

    @Test
    void recoveryIsStruckAtEveryCallAndThenAgain() throws IOException {
        Random outer = Seed.forTest("recoveryIsStruckAtEveryCallAndThenAgain").random();
        for (int i = 0; i < 20; i++) {
            long seed = outer.nextLong();
            SimulatedDisk disk = new SimulatedDisk(new Random(seed), 100L * SEGMENT_BYTES);
            LogRig rig = new LogRig(new Random(seed), disk, settings(1, 7));
            live(rig, 150);
            rig.die(true);
            try {
                strikeRecoveries(rig, seed);
            } catch (AssertionError | RuntimeException | IOException e) {
                throw new AssertionError("Seed " + seed, e);
            }
        }
    }

    private static void strikeRecoveries(LogRig crashed, long seed) throws IOException {
        boolean struck = true;
        for (int n = 1; struck; n++) {
            LogRig rig = crashed.copyOn(crashed.disk.copyOfDurable(new Random(seed + n)), new Random(seed - n));
            rig.disk.faultAt(n, SimulatedDisk.Fault.POWER_LOSS);
            boolean opened = live(rig, 0);
            struck = !rig.disk.isFaultAhead();
            assertEquals(opened, !struck, "recovery fails where the disk does");
            rig.disk.noFault();
            rig.die(true);
            reopenThroughFaults(rig);
            endWell(rig);
        }
    }
}
