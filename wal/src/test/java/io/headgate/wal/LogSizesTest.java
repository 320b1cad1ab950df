package io.headgate.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.LoggedSchema;
import io.headgate.batching.StreamLog.Offer;
import io.headgate.model.Seed;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Entries, groups, segments and the whole log at the edges of their sizes. */
class LogSizesTest {
    private static final int SEGMENT_BYTES = 16 * 1024;
    private static final LogSettings SETTINGS =
            new LogSettings(SEGMENT_BYTES, 6L * SEGMENT_BYTES, SEGMENT_BYTES / 4, 4096, 2, 20L * SEGMENT_BYTES);
    private static final LoggedSchema SCHEMA = TestAppend.schema(0, 0);
    // What a segment has for groups, and what the first group of a segment spends beyond its rows entries.
    private static final int ROOM_BYTES = SEGMENT_BYTES - 512;
    private static final int DECLARATION_BYTES = new Declarations().bytesToDeclare(SCHEMA);

    private Random random = new Random();
    private SimulatedDisk disk = new SimulatedDisk(random, 100L * SEGMENT_BYTES);
    private LogRig rig = new LogRig(random, disk, SETTINGS);

    @BeforeEach
    void open() throws IOException {
        random = Seed.forTest("LogSizesTest").random();
        disk = new SimulatedDisk(random, 100L * SEGMENT_BYTES);
        rig = new LogRig(random, disk, SETTINGS);
        rig.open();
    }

    /** An append whose entry takes that many bytes. */
    private TestAppend entry(int bytes) {
        byte[] payload = new byte[bytes - 40];
        random.nextBytes(payload);
        return new TestAppend(SCHEMA, 1, 0, List.of(), ByteBuffer.wrap(payload));
    }

    private void restart() throws IOException {
        rig.die(true);
        rig.open();
        rig.readAll();
    }

    /** As when a supervisor starts again and again what ends before its first clean-up. */
    @Test
    void startsThatEndAtOnceDoNotFillTheDisk() throws IOException {
        rig.offer(entry(100));
        rig.settle();
        for (int i = 0; i < 200; i++) {
            rig.die(true);
            rig.open();
        }
        assertEquals(1, disk.list().stream().filter(LogFormat::isSegment).count());
        rig.readAll();
    }

    @Test
    void theLargestEntryIsAQuarterOfASegment() throws IOException {
        assertEquals(Offer.ACCEPTED, rig.offer(entry(SEGMENT_BYTES / 4)));
        assertThrows(IllegalArgumentException.class, () -> rig.log().offer(entry(SEGMENT_BYTES / 4 + 1)));
        rig.settle();
        assertEquals(1, rig.next());
        restart();
    }

    @Test
    void theSmallestEntryHasNoPayload() throws IOException {
        assertEquals(40, rig.log().sizeOf(entry(40)));
        assertEquals(Offer.ACCEPTED, rig.offer(entry(40)));
        rig.settle();
        restart();
        assertEquals(1, rig.next());
    }

    @Test
    void aDeclarationTakesAtMostAnEntrysSize() {
        int rest = new Declarations().bytesToDeclare(new LoggedSchema(SCHEMA.table(), ""));
        int fits = SETTINGS.maxEntryBytes() - rest;
        TestAppend tooLarge = TestAppend.random(random, new LoggedSchema(SCHEMA.table(), "x".repeat(fits + 1)), 1);
        assertThrows(IllegalArgumentException.class, () -> rig.log().offer(tooLarge));
        assertEquals(
                Offer.ACCEPTED,
                rig.offer(TestAppend.random(random, new LoggedSchema(SCHEMA.table(), "x".repeat(fits)), 1)));
        rig.settle();
        assertEquals(1, rig.next());
    }

    @Test
    void groupsAreFilledToTheirBytesAndALargerEntryGoesAlone() throws IOException {
        LogSettings settings = new LogSettings(64 * 1024, 640 * 1024, 16 * 1024, 4096, 2, 1_000_000);
        LogRig wide = new LogRig(random, new SimulatedDisk(random, 10_000_000), settings);
        wide.open();
        wide.offer(entry(100));
        wide.stepWriter();
        // The group's header and three entries make up exactly the largest group; a fourth does not fit.
        List.of(1000, 1000, 4096 - 32 - 2000, 100, 4096, 100, 100).forEach(bytes -> wide.offer(entry(bytes)));
        for (int end : List.of(4, 5, 6, 8)) {
            wide.stepWriter();
            assertEquals(end, wide.next());
        }
    }

    @Test
    void aSegmentIsFilledToItsLastByte() throws IOException {
        int first = SEGMENT_BYTES / 4 - 1024;
        rig.offer(entry(first));
        rig.stepWriter();
        int left = ROOM_BYTES - LogFormat.alignUp(32 + DECLARATION_BYTES + first);
        while (left > SEGMENT_BYTES / 4) {
            rig.offer(entry(2048 - 32));
            rig.stepWriter();
            left -= 2048;
        }
        assertEquals(1, rig.log().state().segments());
        assertEquals(Offer.NO_ROOM, rig.offer(entry(left - 32 + 1)), "one byte too many, and no spare");
        assertEquals(Offer.ACCEPTED, rig.offer(entry(left - 32)));
        rig.stepWriter();
        assertEquals(1, rig.log().state().segments());
        assertEquals(Offer.NO_ROOM, rig.offer(entry(40)));
        rig.stepPreallocator();
        assertEquals(Offer.ACCEPTED, rig.offer(entry(40)));
        rig.stepWriter();
        assertEquals(2, rig.log().state().segments());
        restart();
    }

    @Test
    void whatIsAcceptedCanBeWrittenThoughTheDiskTakesNoMore() throws IOException {
        for (int bytes : List.of(40, 41, 480, 481, 3000, SEGMENT_BYTES / 4)) {
            open();
            rig.settle();
            disk.capacity(0);
            int accepted = 0;
            while (rig.offer(entry(bytes)) == Offer.ACCEPTED) {
                accepted++;
            }
            assertTrue(accepted >= 3 * (ROOM_BYTES / (LogFormat.alignUp(32 + bytes) + 512)), bytes + ": " + accepted);
            rig.settle();
            assertTrue(rig.isOpen(), () -> "no full disk reaches the writer: " + rig.fatal());
            assertEquals(accepted, rig.next());
            while (rig.offer(entry(bytes)) == Offer.ACCEPTED) {
                // Sharing groups, the first ones took less room than was reckoned with.
                rig.settle();
            }
            assertTrue(rig.log().state().problem().orElseThrow().contains("disk is full"));
            disk.capacity(100L * SEGMENT_BYTES);
            restart();
        }
    }

    @Test
    void smallEntriesThatShareGroupsLeaveNoRoomUnused() {
        rig.settle();
        while (rig.log().state().segments() == 1) {
            for (int i = 0; i < 10; i++) {
                rig.offer(entry(60));
            }
            rig.settle();
        }
        long inFirst = rig.log().forcedPosition();
        assertTrue(inFirst > ROOM_BYTES / 1024 * 10 - 40, "groups of ten take 1 KiB: " + inFirst + " in a segment");
    }

    @Test
    void aFullLogHasRoomOnceTrimmed() throws IOException {
        rig.settle();
        while (rig.offer(entry(SEGMENT_BYTES / 8)) == Offer.ACCEPTED) {
            rig.settle();
        }
        // One segment of log.max-bytes stays free.
        assertEquals(5, rig.log().state().segments());
        assertEquals(5 * SEGMENT_BYTES, rig.log().sizeBytes());
        assertTrue(rig.log().state().problem().orElseThrow().contains("log.max-bytes"));
        rig.die(true);
        rig.open();
        rig.settle();
        assertEquals(5 * SEGMENT_BYTES, rig.log().sizeBytes(), "recovery used the free one and gave it back");
        rig.trim(rig.next());
        rig.settle();
        assertEquals(2, rig.log().state().segments(), "there was no room for notes but in the free one");
        rig.trim(rig.next());
        rig.settle();
        assertEquals(1, rig.log().state().segments());
        assertEquals(4 * SEGMENT_BYTES, rig.log().sizeBytes(), "one more spare than would be prepared");
        assertTrue(rig.log().state().problem().isEmpty());
        assertEquals(Offer.ACCEPTED, rig.offer(entry(SEGMENT_BYTES / 4)));
        rig.settle();
        restart();
    }

    @Test
    void positionsGoOnThoughTheLogIsEmpty() throws IOException {
        rig.settle();
        while (rig.log().state().segments() == 1) {
            rig.offer(entry(SEGMENT_BYTES / 4));
            rig.settle();
        }
        long end = rig.next();
        rig.trim(end);
        rig.settle();
        for (int i = 0; i < 3; i++) {
            restart();
            assertEquals(end, rig.log().forcedPosition());
            rig.settle();
            rig.close();
            restart();
        }
        rig.offer(entry(40));
        rig.settle();
        assertEquals(end + 1, rig.log().forcedPosition());
    }

    @Test
    void aLogOfLargerSegmentsIsTakenOver() throws IOException {
        LogRig wide = new LogRig(
                random,
                new SimulatedDisk(random, 10_000_000),
                new LogSettings(
                        4 * SEGMENT_BYTES, 40L * SEGMENT_BYTES, SEGMENT_BYTES / 4, 4096, 2, 20L * SEGMENT_BYTES));
        wide.open();
        wide.settle();
        for (int i = 0; i < 14; i++) {
            wide.offer(entry(SEGMENT_BYTES / 4));
            wide.settle();
        }
        wide.die(true);
        LogRig narrow = wide.withSettings(SETTINGS);
        narrow.open();
        narrow.settle();
        narrow.readAll();
        for (int i = 0; i < 14; i++) {
            narrow.offer(entry(SEGMENT_BYTES / 4));
            narrow.settle();
            narrow.trim(narrow.next());
        }
        narrow.die(true);
        narrow.open();
        narrow.readAll();
    }

    /** A thousand tables' commits would otherwise read everything a thousand times. */
    @Test
    void whoReadsOneTablePassesOverHardlyAnyRowsOfOthers() throws IOException {
        LogSettings large = new LogSettings(256 << 10, 2 << 20, 64 << 10, 4096, 2, 0);
        disk = new SimulatedDisk(random, 4 << 20);
        rig = new LogRig(random, disk, large);
        rig.open();
        for (int i = 0; i < 60; i++) {
            rig.offer(TestAppend.random(random, TestAppend.schema(i % 20 == 0 ? 0 : 1, 0), 1_500));
            rig.settle();
        }
        assertEquals(3, read(0, 60_000, 12));
        assertEquals(57, read(1, 200_000, 60));
    }

    /** Returns how many entries of a table there are, and sees how much is read and looked at for them. */
    private int read(int table, long mostBytes, long mostPositions) throws IOException {
        long before = disk.readBytes();
        AtomicInteger entries = new AtomicInteger();
        TableId id = TestAppend.schema(table, 0).table().id();
        long lookedAt = rig.log().read(new StreamRange(0, rig.next()), id, entry -> entries.incrementAndGet());
        assertTrue(lookedAt >= entries.get() && lookedAt <= mostPositions, lookedAt + " positions were looked at");
        assertTrue(disk.readBytes() - before <= mostBytes, disk.readBytes() - before + " bytes were read");
        return entries.get();
    }
}
