package io.headgate.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedTable;
import io.headgate.model.Seed;
import io.headgate.model.StreamRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Damage given up: exported, and the log goes on with all that was good. */
class LogRepairTest {
    private static final int SEGMENT_BYTES = 16 * 1024;
    private static final LogSettings SETTINGS =
            new LogSettings(SEGMENT_BYTES, 100L * SEGMENT_BYTES, SEGMENT_BYTES / 4, 4096, 1, 20L * SEGMENT_BYTES);
    private static final int SEGMENTS = 4;

    private Random random = new Random();
    private SimulatedDisk disk = new SimulatedDisk(random, 300L * SEGMENT_BYTES);
    private SimulatedDisk exports = new SimulatedDisk(random, 300L * SEGMENT_BYTES);
    private TreeMap<Long, Integer> rows = new TreeMap<>();
    private long end;

    /** Four segments, the first of them partly parked, closed in good order. */
    @BeforeEach
    void fill() throws IOException {
        random = Seed.forTest("LogRepairTest").random();
        disk = new SimulatedDisk(random, 300L * SEGMENT_BYTES);
        rows = new TreeMap<>();
        LocalLog log = open(disk);
        log.start(group -> group.forEach(append -> rows.put(append.position(), append.rowCount())));
        settle(log);
        while (log.state().segments() < SEGMENTS) {
            log.offer(TestAppend.random(random, TestAppend.schema(random.nextInt(3), random.nextInt(2)), 700));
            settle(log);
        }
        for (int i = 0; i < 3; i++) {
            log.offer(TestAppend.random(random, TestAppend.schema(i, 0), 700));
            settle(log);
        }
        log.committed(TestAppend.schema(1, 0).table(), log.forcedPosition(), 77);
        log.close();
        end = log.forcedPosition();
        disk.powerLoss();
    }

    private LocalLog open(SimulatedDisk on) throws IOException {
        return LocalLog.openStepwise(
                on,
                SETTINGS,
                LogMetrics.none(),
                random,
                InstantSource.system(),
                () -> 0,
                entry -> {},
                LogRepairTest::unexpected);
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

    private record Group(int offset, int end, long from, long to) {}

    private List<Group> groups(String file) {
        ByteBuffer bytes = ByteBuffer.wrap(disk.durableBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Group> groups = new ArrayList<>();
        int at = 512;
        while (at + 32 <= bytes.capacity() && bytes.getInt(at + 4) > 0 && bytes.getLong(at + 8) == bytes.getLong(56)) {
            int groupEnd = at + bytes.getInt(at + 4);
            long from = bytes.getLong(at + 16);
            groups.add(new Group(at, groupEnd, from, from + bytes.getInt(at + 24)));
            at = (groupEnd + 511) / 512 * 512;
        }
        return groups;
    }

    private List<RepairedRange> repair(SimulatedDisk damaged) throws IOException {
        exports = new SimulatedDisk(random, 300L * SEGMENT_BYTES);
        return LogRepair.run(damaged, exports);
    }

    /** Opens a repaired log: what it has is right, and all positions are there but those that were given up. */
    private NavigableSet<Long> opened(SimulatedDisk repaired, List<RepairedRange> ranges) throws IOException {
        NavigableSet<Long> back = new TreeSet<>();
        LocalLog log = LocalLog.openStepwise(
                repaired,
                SETTINGS,
                LogMetrics.none(),
                random,
                InstantSource.system(),
                () -> 0,
                entry -> {
                    assertEquals(rows.get(entry.position()), entry.rowCount(), "nothing is invented");
                    assertTrue(back.add(entry.position()), "once");
                },
                LogRepairTest::unexpected);
        for (long position = log.firstPosition(); position < end; position++) {
            long at = position;
            boolean givenUp = ranges.stream().anyMatch(range -> range.from() <= at && at < range.to());
            assertTrue(givenUp || back.contains(position), () -> "position " + at + " is lost, and nobody said so");
        }
        assertTrue(log.forcedPosition() >= end, "no position is used again");
        checkReaders(log, back);
        log.close();
        assertEquals(List.of(), LogScan.run(repaired, entry -> true).damage());
        return back;
    }

    private void checkReaders(LocalLog log, NavigableSet<Long> back) throws IOException {
        TreeSet<Long> read = new TreeSet<>();
        for (int table = 0; table < 3; table++) {
            LoggedTable of = TestAppend.schema(table, 0).table();
            log.read(
                    new StreamRange(log.firstPosition(), log.forcedPosition()),
                    of.id(),
                    (LogEntry entry) -> read.add(entry.position()));
        }
        assertEquals(back.tailSet(log.firstPosition(), true), read, "readers pass over what is absent");
    }

    private SimulatedDisk damagedAt(String file, int offset) {
        SimulatedDisk copy = disk.copyOfDurable(random);
        byte bad = (byte) (disk.durableBytes(file)[offset] ^ (1 << random.nextInt(8)));
        copy.damage(file, offset, new byte[] {bad});
        return copy;
    }

    @Test
    void aLogWithoutDamageIsLeftAsItIs() throws IOException {
        byte[] before = disk.durableBytes(LogFormat.segmentName(2));
        assertEquals(List.of(), repair(disk));
        assertArrayEquals(before, disk.durableBytes(LogFormat.segmentName(2)));
        assertEquals(rows.keySet(), opened(disk, List.of()));
    }

    @Test
    void anyGroupThatIsLostCostsItsPositionsAndRowsWhoseSchemaItDeclared() throws IOException {
        for (long number = 1; number <= SEGMENTS; number++) {
            String segment = LogFormat.segmentName(number);
            List<Group> groups = groups(segment);
            int last = number == SEGMENTS ? groups.size() - 1 : groups.size();
            for (Group group : groups.subList(0, last)) {
                int offset = group.offset + random.nextInt(group.end - group.offset);
                SimulatedDisk damaged = damagedAt(segment, offset);
                List<RepairedRange> ranges = repair(damaged);
                assertEquals(segment, ranges.get(0).file());
                assertEquals(group.offset, ranges.get(0).offset());
                assertEquals(group.from, ranges.get(0).from());
                assertEquals(group.to, ranges.get(0).to());
                checkExport(damagedBytes(segment, damaged, group), ranges.get(0));
                NavigableSet<Long> back = opened(damaged, ranges);
                assertFalse(group.from < group.to && back.contains(group.from));
                assertEquals(List.of(), repair(damaged), "a repaired log needs no repair");
            }
        }
    }

    // The segment was replaced, so what was damaged is made again from the original.
    private byte[] damagedBytes(String segment, SimulatedDisk repaired, Group group) {
        assertFalse(
                Arrays.equals(disk.durableBytes(segment), 0, group.end, repaired.durableBytes(segment), 0, group.end));
        return Arrays.copyOfRange(disk.durableBytes(segment), group.offset, group.end);
    }

    private void checkExport(byte[] original, RepairedRange range) {
        byte[] export = exports.durableBytes(range.export());
        byte[] raw = Arrays.copyOfRange(export, export.length - (int) range.bytes(), export.length);
        int differences = 0;
        for (int i = 0; i < original.length; i++) {
            differences += original[i] == raw[i] ? 0 : 1;
        }
        assertEquals(1, differences, "the bytes are exported as they were, one of them bad");
    }

    @Test
    void aLostHeaderIsMadeUpAgain() throws IOException {
        for (long number = 1; number <= SEGMENTS; number++) {
            SimulatedDisk damaged = damagedAt(LogFormat.segmentName(number), random.nextInt(512));
            List<RepairedRange> ranges = repair(damaged);
            assertEquals(1, ranges.size());
            assertEquals(rows.keySet(), opened(damaged, ranges), "no entry is lost with it");
        }
    }

    @Test
    void aSegmentThatIsMissingIsReplacedByOneWithoutEntries() throws IOException {
        for (long number = 2; number < SEGMENTS; number++) {
            SimulatedDisk damaged = disk.copyOfDurable(random);
            damaged.damage(LogFormat.segmentName(number));
            List<RepairedRange> ranges = repair(damaged);
            List<Group> groups = groups(LogFormat.segmentName(number));
            assertEquals(1, ranges.size());
            assertEquals(groups.get(0).from, ranges.get(0).from());
            assertEquals(groups.get(groups.size() - 1).to, ranges.get(0).to());
            opened(damaged, ranges);
        }
        SimulatedDisk damaged = disk.copyOfDurable(random);
        damaged.damage(LogFormat.segmentName(2));
        damaged.damage(LogFormat.segmentName(3));
        opened(damaged, repair(damaged));
    }

    @Test
    void aSegmentOfWhichTheBeginningIsLostIsGivenUp() throws IOException {
        for (long number = 1; number <= SEGMENTS; number++) {
            SimulatedDisk damaged = disk.copyOfDurable(random);
            damaged.damage(LogFormat.segmentName(number), 0, new byte[600]);
            List<RepairedRange> ranges = repair(damaged);
            assertEquals(LogFormat.segmentName(number), ranges.get(0).file());
            assertEquals(SEGMENT_BYTES, ranges.get(0).bytes());
            opened(damaged, ranges);
        }
    }

    @Test
    void misdirectedAndLostWritesAreGivenUp() throws IOException {
        for (int i = 0; i < 50; i++) {
            String segment = LogFormat.segmentName(1 + random.nextInt(SEGMENTS));
            List<Group> groups = groups(segment);
            Group from = groups.get(random.nextInt(groups.size()));
            Group to = groups.get(random.nextInt(groups.size() - 1));
            byte[] bytes = random.nextBoolean()
                    ? Arrays.copyOfRange(disk.durableBytes(segment), from.offset, from.end)
                    : new byte[to.end - to.offset];
            SimulatedDisk damaged = disk.copyOfDurable(random);
            damaged.damage(segment, to.offset, bytes);
            opened(damaged, repair(damaged));
        }
    }

    @Test
    void manyDamagesAtOnce() throws IOException {
        for (int i = 0; i < 50; i++) {
            SimulatedDisk damaged = disk.copyOfDurable(random);
            for (int k = 0; k < 1 + random.nextInt(8); k++) {
                int offset = random.nextInt(SEGMENT_BYTES);
                damaged.damage(
                        LogFormat.segmentName(1 + random.nextInt(SEGMENTS)), offset, new byte[] {(byte) random.nextInt()
                        });
            }
            try {
                opened(damaged, repair(damaged));
            } catch (CorruptLogException e) {
                throw new AssertionError("A repaired log must open", e);
            }
        }
    }

    @Test
    void aDamagedParkedFileKeepsItsOtherGroups() throws IOException {
        LocalLog log = open(disk);
        log.start(group -> {});
        long to = log.park(TestAppend.schema(0, 0).table(), 0);
        log.committed(TestAppend.schema(2, 0).table(), end, 3);
        log.trim(to);
        settle(log);
        log.close();
        disk.powerLoss();
        String parked = LogFormat.parkedName(1);
        for (int i = 0; i < 40; i++) {
            SimulatedDisk damaged = damagedAt(parked, random.nextInt(disk.durableBytes(parked).length));
            opened(damaged, repair(damaged));
        }
    }

    @Test
    void powerMayGoAtAnyMoment() throws IOException {
        SimulatedDisk damaged = disk.copyOfDurable(random);
        for (long number = 1; number < SEGMENTS; number++) {
            Group group = groups(LogFormat.segmentName(number)).get(1);
            damaged.damage(LogFormat.segmentName(number), group.offset + 5, new byte[] {1, 2, 3});
        }
        damaged.damage(LogFormat.segmentName(2), 20, new byte[] {1, 2, 3});
        boolean struck = true;
        for (int n = 1; struck; n++) {
            SimulatedDisk copy = damaged.copyOfDurable(random);
            copy.faultAt(n, random.nextBoolean() ? SimulatedDisk.Fault.POWER_LOSS : SimulatedDisk.Fault.FAILURE);
            exports = new SimulatedDisk(random, 300L * SEGMENT_BYTES);
            try {
                LogRepair.run(copy, exports);
            } catch (IOException e) {
                assertFalse(copy.isFaultAhead(), () -> "a disk without faults lets the log be repaired: " + e);
            }
            struck = !copy.isFaultAhead();
            copy.noFault();
            copy.powerLoss();
            exports.powerLoss();
            LogRepair.run(copy, exports);
            List<RepairedRange> whole =
                    LogRepair.run(damaged.copyOfDurable(random), new SimulatedDisk(random, 10_000_000));
            opened(copy, whole);
            for (RepairedRange range : whole) {
                String name = range.file() + "-" + range.offset() + ".damaged";
                assertTrue(exports.list().contains(name), () -> name + " was exported before it was given up");
            }
        }
    }

    @Test
    void aNewerFormatIsNoDamage() throws IOException {
        String segment = LogFormat.segmentName(2);
        ByteBuffer header = ByteBuffer.wrap(disk.durableBytes(segment), 0, 512).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(8, 2);
        HeaderChecksum.seal(header.slice(0, 512).order(ByteOrder.LITTLE_ENDIAN));
        disk.damage(segment, 0, Arrays.copyOf(header.array(), 512));
        assertThrows(CorruptLogException.class, () -> repair(disk));
        assertEquals(List.of(), exports.list());
    }

    @Test
    void aLogInUseIsNotRepaired() throws IOException {
        LocalLog log = open(disk);
        assertThrows(IOException.class, () -> repair(disk));
        log.close();
    }
}
