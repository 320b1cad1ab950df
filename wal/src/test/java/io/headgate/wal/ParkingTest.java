package io.headgate.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.LoggedTable;
import io.headgate.model.Seed;
import io.headgate.model.StreamRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table that cannot be committed to gives way to the others: its entries are parked and its segments trimmed. */
class ParkingTest {
    private static final int SEGMENT_BYTES = 16 * 1024;
    private static final LogSettings SETTINGS =
            new LogSettings(SEGMENT_BYTES, 10L * SEGMENT_BYTES, SEGMENT_BYTES / 4, 4096, 1, 3L * SEGMENT_BYTES);
    private static final LoggedTable SICK = TestAppend.schema(0, 0).table();
    private static final LoggedTable WELL = TestAppend.schema(1, 0).table();

    private Random random = new Random();
    private SimulatedDisk disk = new SimulatedDisk(random, 100L * SEGMENT_BYTES);
    private final List<Long> sick = new ArrayList<>();
    private LocalLog log = start();

    @BeforeEach
    void begin() {
        random = Seed.forTest("ParkingTest").random();
        disk = new SimulatedDisk(random, 100L * SEGMENT_BYTES);
        log = start();
    }

    private LocalLog start() {
        try {
            LocalLog opened = LocalLog.openStepwise(
                    disk,
                    SETTINGS,
                    LogMetrics.none(),
                    random,
                    InstantSource.system(),
                    () -> 0,
                    entry -> {},
                    ParkingTest::unexpected);
            opened.start(group -> {});
            settle(opened);
            return opened;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void unexpected(Throwable cause) {
        throw new AssertionError("The log failed", cause);
    }

    private static void settle(LocalLog log) {
        boolean worked = true;
        while (worked) {
            boolean wrote = log.stepWriter();
            worked = log.stepPreallocator() || wrote;
        }
    }

    /** Writes entries of both tables until so many segments were begun. */
    private void fill(int segments) {
        fill(segments, 2);
    }

    private void fill(int segments, int tables) {
        while (log.state().segments() < segments) {
            int table = random.nextInt(tables);
            log.offer(TestAppend.random(random, TestAppend.schema(table, random.nextInt(2)), 600));
            settle(log);
            if (table == 0) {
                sick.add(log.forcedPosition() - 1);
            }
        }
    }

    private void trimTo(long position) {
        log.committed(WELL, log.forcedPosition(), 1);
        log.trim(position);
        settle(log);
    }

    private List<Long> readSick(long from) throws IOException {
        List<Long> positions = new ArrayList<>();
        log.read(new StreamRange(from, log.forcedPosition()), SICK.id(), entry -> positions.add(entry.position()));
        return positions;
    }

    @Test
    void whatIsParkedIsReadAfterItsSegmentIsGone() throws IOException {
        fill(4);
        long first = log.park(SICK, 0);
        long second = log.park(SICK, 0);
        long third = log.park(SICK, 0);
        assertTrue(0 < first && first < second && second < third, "a segment at a time, each once");
        assertEquals(third, log.park(SICK, 0), "the active segment stays where it is");
        trimTo(third);
        assertEquals(1, log.state().segments());
        assertEquals(third, log.firstPosition());
        assertEquals(sick, readSick(0));
        assertThrows(IllegalArgumentException.class, () -> log.read(new StreamRange(0, 1), WELL.id(), entry -> {}));
        disk.powerLoss();
        log = start();
        assertEquals(sick, readSick(0), "after a crash too");
        assertEquals(third, log.park(SICK, 0), "and it is known to be parked");
    }

    @Test
    void whatLiesBeforeAParkedFileIsParkedToo() throws IOException {
        fill(4);
        long tableIsAt = sick.get(1) + 1;
        long parkedTo = log.park(SICK, tableIsAt);
        disk.powerLoss();
        log = start(); // which does not know any more how far the table is, and cannot see it
        assertEquals(tableIsAt, log.park(SICK, 0));
        assertEquals(sick, readSick(0));
        trimTo(log.park(SICK, tableIsAt));
        assertTrue(log.firstPosition() >= parkedTo);
        assertEquals(sick, readSick(0), "also once the segments are gone");
    }

    @Test
    void whatTheTableHasIsLetGoOf() throws IOException {
        fill(3);
        long to = log.park(SICK, 0);
        trimTo(to);
        assertTrue(log.parkedBytes() > 0);
        log.committed(SICK, to - 1, 5);
        settle(log);
        assertTrue(log.parkedBytes() > 0, "not yet all of it");
        log.committed(SICK, to, 5);
        assertTrue(log.parkedBytes() > 0, "not before the note is durable");
        settle(log);
        assertEquals(0, log.parkedBytes());
        assertTrue(disk.list().stream().noneMatch(LogFormat::isParked));
    }

    @Test
    void parkingHasABoundAndChangesNothingBeyondIt() throws IOException {
        fill(9, 1);
        IOException refused = assertThrows(IOException.class, () -> parkAll(0));
        assertTrue(String.valueOf(refused.getMessage()).contains("log.parked-bytes"), refused.getMessage());
        long bytes = log.parkedBytes();
        assertTrue(bytes <= SETTINGS.parkedBytes() && bytes > 0);
        assertEquals(
                bytes,
                LogScan.run(disk, entry -> true).parked().stream()
                        .mapToLong(LogReport.Segment::sizeBytes)
                        .sum(),
                "and what is counted is what is there");
        assertEquals(sick, readSick(0));
        assertTrue(disk.list().stream().noneMatch(LogFormat::isParking), "nothing is left half-done");
    }

    private void parkAll(long from) throws IOException {
        for (int i = 0; i < 20; i++) {
            log.park(SICK, from);
        }
    }

    @Test
    void theRoomOfTwoSegmentsIsLeftOnTheDisk() throws IOException {
        fill(3);
        disk.capacity(disk.usedBytes() + 2L * SEGMENT_BYTES);
        IOException refused = assertThrows(IOException.class, () -> log.park(SICK, 0));
        assertTrue(String.valueOf(refused.getMessage()).contains("disk"), refused.getMessage());
        assertEquals(0, log.parkedBytes());
    }

    @Test
    void aScanReadsEachEntryOnceWhereverItIs() throws IOException {
        fill(4);
        long to = log.park(SICK, 0);
        log.park(SICK, 0);
        trimTo(to);
        TreeSet<Long> positions = new TreeSet<>();
        boolean[] parked = new boolean[1];
        LogReport report = LogScan.run(disk, entry -> {
            if (entry.kind() == EntryKind.ROWS) {
                assertTrue(positions.add(entry.position()), "once");
                parked[0] |= entry.isParked();
            }
            return true;
        });
        assertTrue(parked[0]);
        assertEquals(List.of(), report.damage());
        assertEquals(2, report.parked().size());
        assertTrue(positions.containsAll(sick));
        assertEquals(log.forcedPosition() - 1, positions.last());
    }

    @Test
    void anyBitOfAParkedFileIsMissedAndLocated() throws IOException {
        fill(2);
        long to = log.park(SICK, 0);
        trimTo(to);
        log.close();
        String name = LogFormat.parkedName(1);
        byte[] bytes = disk.durableBytes(name);
        for (int i = 0; i < 200; i++) {
            int offset = random.nextInt(bytes.length);
            SimulatedDisk damaged = disk.copyOfDurable(random);
            damaged.damage(name, offset, new byte[] {(byte) (bytes[offset] ^ (1 << random.nextInt(8)))});
            if (!isPadding(offset)) {
                CorruptLogException refusal = assertThrows(
                        CorruptLogException.class,
                        () -> LocalLog.openStepwise(
                                damaged,
                                SETTINGS,
                                LogMetrics.none(),
                                random,
                                InstantSource.system(),
                                () -> 0,
                                entry -> {},
                                cause -> {}));
                assertEquals(name, refusal.file());
                assertEquals(
                        List.of(name),
                        LogScan.run(damaged, entry -> true).damage().stream()
                                .map(LogReport.Damage::file)
                                .distinct()
                                .toList());
            }
        }
    }

    private boolean isPadding(int offset) {
        ByteBuffer file =
                ByteBuffer.wrap(disk.durableBytes(LogFormat.parkedName(1))).order(ByteOrder.LITTLE_ENDIAN);
        int at = 512;
        while (at < file.capacity()) {
            int end = at + file.getInt(at + 4);
            int next = (end + 511) / 512 * 512;
            if (offset >= at && offset < next) {
                return offset >= end;
            }
            at = next;
        }
        return false;
    }

    @Test
    void aParkedFileOfAnotherLogIsRefused() throws IOException {
        fill(2);
        log.park(SICK, 0);
        byte[] bytes = disk.durableBytes(LogFormat.parkedName(1));
        disk = new SimulatedDisk(random, 100L * SEGMENT_BYTES);
        log = start();
        log.close();
        try (DiskFile file = disk.create(LogFormat.parkedName(1))) {
            file.write(ByteBuffer.wrap(bytes), 0);
        }
        CorruptLogException refusal = assertThrows(
                CorruptLogException.class,
                () -> LocalLog.openStepwise(
                        disk,
                        SETTINGS,
                        LogMetrics.none(),
                        random,
                        InstantSource.system(),
                        () -> 0,
                        entry -> {},
                        cause -> {}));
        assertEquals(LogFormat.parkedName(1), refusal.file());
    }
}
