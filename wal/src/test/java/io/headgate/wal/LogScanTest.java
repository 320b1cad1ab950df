package io.headgate.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Seed;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading a log's files without its writer's help: all that is there, beside a writer, and behind damage. */
class LogScanTest {
    private static final int SEGMENT_BYTES = 16 * 1024;
    private static final LogSettings SETTINGS =
            new LogSettings(SEGMENT_BYTES, 100L * SEGMENT_BYTES, SEGMENT_BYTES / 4, 4096, 1, 20L * SEGMENT_BYTES);

    private Random random = new Random();
    private SimulatedDisk disk = new SimulatedDisk(random, 200L * SEGMENT_BYTES);
    private LogRig rig = new LogRig(random, disk, SETTINGS);

    @BeforeEach
    void fillFourSegments() throws IOException {
        random = Seed.forTest("LogScanTest").random();
        disk = new SimulatedDisk(random, 200L * SEGMENT_BYTES);
        rig = new LogRig(random, disk, SETTINGS);
        rig.open();
        rig.settle();
        while (rig.log().state().segments() < 4 || groups(segment(4)).size() < 3) {
            rig.offer(rig.randomSize());
            rig.settle();
        }
    }

    /** Where a group lies in its file, and what positions it takes. */
    private record Group(int offset, int end, long from, long to) {}

    private static String segment(long number) {
        return LogFormat.segmentName(number);
    }

    /** Found as LogFormat describes them, without the log's own code. */
    private List<Group> groups(String segment) {
        ByteBuffer bytes = ByteBuffer.wrap(disk.durableBytes(segment)).order(ByteOrder.LITTLE_ENDIAN);
        List<Group> groups = new ArrayList<>();
        int at = 512;
        while (at + 32 <= bytes.capacity() && bytes.getInt(at + 4) > 0 && bytes.getLong(at + 8) == bytes.getLong(56)) {
            int end = at + bytes.getInt(at + 4);
            long from = bytes.getLong(at + 16);
            groups.add(new Group(at, end, from, from + bytes.getInt(at + 24)));
            at = (end + 511) / 512 * 512;
        }
        return groups;
    }

    /** Takes positions of rows and checks their order. */
    private static class Positions implements LogVisitor {
        private final TreeMap<Long, Integer> rows = new TreeMap<>();
        private long next = -1;

        @Override
        public boolean entry(ScannedEntry entry) {
            if (entry.kind() == EntryKind.ROWS) {
                assertTrue(next <= entry.position(), "positions ascend");
                next = entry.position() + 1;
                rows.put(entry.position(), entry.rowCount());
            }
            return true;
        }

        @Override
        public void trimmed() {
            rows.clear();
        }
    }

    private SimulatedDisk damagedAt(String segment, int offset) {
        SimulatedDisk copy = disk.copyOfDurable(random);
        byte bad = (byte) (disk.durableBytes(segment)[offset] ^ (1 << random.nextInt(8)));
        copy.damage(segment, offset, new byte[] {bad});
        return copy;
    }

    @Test
    void allThatWasAckedIsThere() throws IOException {
        Positions found = new Positions();
        LogReport report = LogScan.run(disk, found);
        assertEquals(rig.next(), report.endPosition());
        assertEquals(0, report.firstPosition());
        assertEquals(rig.next(), found.rows.size());
        assertEquals(rig.next(), report.entries().get(EntryKind.ROWS));
        assertEquals(rig.log().id(), report.logId());
        assertEquals(List.of(), report.damage());
        assertEquals(4, report.segments().size());
        for (int i = 0; i < 4; i++) {
            LogReport.Segment segment = report.segments().get(i);
            assertEquals(segment(i + 1), segment.file());
            assertEquals(groups(segment(i + 1)).size(), segment.groups());
        }
        assertEquals(0, LogScan.head(disk).orElseThrow().firstPosition());
    }

    @Test
    void aLogClosedInOrderAndOpenedAgainIsRead() throws IOException {
        long next = rig.next();
        rig.close();
        assertEquals(next, LogScan.run(disk, new Positions()).endPosition());
        rig.open();
        LogReport report = LogScan.run(disk, new Positions());
        assertEquals(List.of(), report.damage());
        assertEquals(next, report.endPosition());
        assertEquals(4, report.segments().size(), "the segment that was made void does not count");
    }

    @Test
    void aReaderThatHasEnoughIsLeftAlone() throws IOException {
        List<Long> positions = new ArrayList<>();
        LogReport report = LogScan.run(disk, entry -> {
            if (entry.kind() == EntryKind.ROWS) {
                positions.add(entry.position());
            }
            return positions.size() < 3;
        });
        assertEquals(List.of(0L, 1L, 2L), positions);
        assertEquals(List.of(), report.damage());
    }

    @Test
    void anyBitOfAnyGroupIsMissedAndTheOthersAreRead() throws IOException {
        for (int number = 1; number <= 4; number++) {
            List<Group> groups = groups(segment(number));
            for (int i = 0; i < groups.size(); i++) {
                Group group = groups.get(i);
                boolean last = number == 4 && i == groups.size() - 1;
                Positions found = new Positions();
                int offset = group.offset + random.nextInt(group.end - group.offset);
                LogReport report = LogScan.run(damagedAt(segment(number), offset), found);
                assertEquals(rig.next() - (group.to - group.from), found.rows.size(), "all the others are read");
                if (last) {
                    assertEquals(List.of(), report.damage(), "a torn end is no damage");
                    assertEquals(group.from, report.endPosition());
                } else {
                    assertEquals(1, report.damage().size());
                    LogReport.Damage damage = report.damage().get(0);
                    assertEquals(segment(number), damage.file());
                    assertEquals(group.offset, damage.offset());
                    assertEquals(group.from, damage.from());
                    assertEquals(group.to, damage.to());
                    assertEquals(rig.next(), report.endPosition());
                }
            }
        }
    }

    @Test
    void rowsWhoseSchemaWasDamagedAreCountedWithoutIt() throws IOException {
        Group first = groups(segment(2)).get(0);
        List<ScannedEntry> nameless = new ArrayList<>();
        LogScan.run(damagedAt(segment(2), first.offset + 40), entry -> {
            boolean isRows = entry.kind() == EntryKind.ROWS;
            if (isRows && entry.rows().isEmpty()) {
                nameless.add(entry);
            } else if (isRows) {
                assertEquals(
                        entry.table(), entry.rows().map(rows -> rows.schema().table()));
            }
            return true;
        });
        assertTrue(nameless.stream().allMatch(entry -> entry.segment().equals(segment(2))));
    }

    @Test
    void aBadHeaderCostsItsSegmentOnly() throws IOException {
        for (int number = 1; number <= 4; number++) {
            Positions found = new Positions();
            LogReport report = LogScan.run(damagedAt(segment(number), random.nextInt(512)), found);
            List<Group> groups = groups(segment(number));
            assertEquals(1, report.damage().size());
            LogReport.Damage damage = report.damage().get(0);
            assertEquals(segment(number), damage.file());
            assertEquals(number == 4 ? Long.MAX_VALUE : groups.get(groups.size() - 1).to, damage.to());
            assertEquals(groups.get(0).from, damage.from());
            long lost = groups.get(groups.size() - 1).to - groups.get(0).from;
            assertEquals(rig.next() - lost, found.rows.size());
        }
    }

    @Test
    void aLostSegmentIsMissed() throws IOException {
        for (int number = 2; number <= 3; number++) {
            SimulatedDisk damaged = disk.copyOfDurable(random);
            damaged.damage(segment(number));
            LogReport report = LogScan.run(damaged, new Positions());
            List<Group> groups = groups(segment(number));
            assertEquals(
                    List.of(new LogReport.Damage(
                            segment(number + 1),
                            0,
                            groups.get(0).from,
                            groups.get(groups.size() - 1).to,
                            "the segment before this one is missing")),
                    report.damage());
        }
        SimulatedDisk trimmed = disk.copyOfDurable(random);
        trimmed.damage(segment(1));
        LogReport report = LogScan.run(trimmed, new Positions());
        assertEquals(List.of(), report.damage(), "the oldest segment may be gone");
        assertEquals(groups(segment(2)).get(0).from, report.firstPosition());
    }

    @Test
    void damageIsCountedButNotDescribedWithoutEnd() throws IOException {
        SimulatedDisk damaged = disk.copyOfDurable(random);
        long bad = 0;
        for (int number = 1; number <= 4; number++) {
            List<Group> groups = groups(segment(number));
            for (int i = 0; i < groups.size() - 1; i += 2) {
                damaged.damage(segment(number), groups.get(i).offset, new byte[4]);
                bad++;
            }
        }
        LogReport report = LogScan.run(damaged, new Positions());
        assertEquals(bad, report.damageCount());
        assertEquals(Math.min(bad, LogScan.DAMAGE_MAX), report.damage().size());
    }

    @Test
    void noLogIsNoLog() throws IOException {
        SimulatedDisk empty = new SimulatedDisk(random, SEGMENT_BYTES);
        assertTrue(LogScan.head(empty).isEmpty());
        assertThrows(NoSuchFileException.class, () -> LogScan.run(empty, new Positions()));
    }

    @Test
    void nothingIsChanged() throws IOException {
        SimulatedDisk same = disk.copyOfDurable(random);
        Map<String, byte[]> before = new TreeMap<>();
        for (String name : same.list()) {
            before.put(name, same.durableBytes(name));
        }
        LogScan.run(new Watched(same, () -> {}), new Positions());
        assertEquals(before.keySet(), new TreeSet<>(same.list()));
        for (String name : same.list()) {
            assertArrayEquals(before.get(name), same.durableBytes(name));
        }
    }

    /** The writer goes on before each call that the reader makes: rolls, trims, restarts, and all else. */
    @Test
    void besideAWriterNothingLooksWrong() throws IOException {
        int trims = 0;
        for (int scan = 0; scan < 200; scan++) {
            long committed = rig.next();
            int busy = random.nextInt(6);
            boolean[] trimmed = new boolean[1];
            Positions found = new Positions() {
                @Override
                public void trimmed() {
                    trimmed[0] = true;
                    super.trimmed();
                }
            };
            LogReport report = LogScan.run(new Watched(disk, () -> goOn(busy)), found);
            assertEquals(List.of(), report.damage());
            assertTrue(report.endPosition() >= committed, "all that was forced before is there");
            assertTrue(report.endPosition() <= rig.next());
            assertEquals(report.endPosition() - report.firstPosition(), found.rows.size(), "and nothing is left out");
            if (!found.rows.isEmpty()) {
                assertEquals(report.firstPosition(), found.rows.firstKey());
            }
            trims += trimmed[0] ? 1 : 0;
        }
        assertTrue(trims > 0, "segments were trimmed under the reader");
    }

    private void goOn(int busy) {
        for (int i = 0; i < busy; i++) {
            switch (random.nextInt(8)) {
                case 0 -> rig.trim();
                case 1 -> rig.stepPreallocator();
                case 2, 3, 4 -> rig.stepWriter();
                default -> rig.offer(rig.randomSize());
            }
        }
    }

    /** Does something before each call, and lets nothing be changed. */
    private record Watched(Disk disk, Runnable before) implements Disk {
        @Override
        public List<String> list() throws IOException {
            before.run();
            return disk.list();
        }

        @Override
        public DiskFile openReadOnly(String name) throws IOException {
            before.run();
            DiskFile file = disk.openReadOnly(name);
            return new WatchedFile(file, before);
        }

        @Override
        public DiskFile create(String name) {
            throw new AssertionError("created " + name);
        }

        @Override
        public DiskFile open(String name) {
            throw new AssertionError("opened " + name + " to write");
        }

        @Override
        public void rename(String from, String to) {
            throw new AssertionError("renamed " + from);
        }

        @Override
        public void delete(String name) {
            throw new AssertionError("deleted " + name);
        }

        @Override
        public void forceDirectory() {
            throw new AssertionError("forced");
        }

        @Override
        public long usableBytes() throws IOException {
            return disk.usableBytes();
        }

        @Override
        public Closeable lock() {
            throw new AssertionError("locked");
        }
    }

    private record WatchedFile(DiskFile file, Runnable before) implements DiskFile {
        @Override
        public long sizeBytes() throws IOException {
            return file.sizeBytes();
        }

        @Override
        public int read(ByteBuffer target, long offset) throws IOException {
            before.run();
            return file.read(target, offset);
        }

        @Override
        public void write(ByteBuffer source, long offset) {
            throw new AssertionError("written to");
        }

        @Override
        public void force() {
            throw new AssertionError("forced");
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
