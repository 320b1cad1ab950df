package io.headgate.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.LoggedSchema;
import io.headgate.model.Seed;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Forced bytes that went bad: found and located, nothing changed, nothing invented. */
class LogDamageTest {
    private static final int SEGMENT_BYTES = 16 * 1024;
    private static final LogSettings SETTINGS =
            new LogSettings(SEGMENT_BYTES, 100L * SEGMENT_BYTES, SEGMENT_BYTES / 4, 4096, 1, 20L * SEGMENT_BYTES);

    private Random random = new Random();
    private SimulatedDisk disk = new SimulatedDisk(random, 200L * SEGMENT_BYTES);
    private LogRig rig = new LogRig(random, disk, SETTINGS);

    /** Where a group lies in its file; padding belongs to none. */
    private record Group(int offset, int end) {}

    @BeforeEach
    void fillFourSegments() throws IOException {
        random = Seed.forTest("LogDamageTest").random();
        disk = new SimulatedDisk(random, 200L * SEGMENT_BYTES);
        rig = new LogRig(random, disk, SETTINGS);
        rig.open();
        rig.settle();
        while (rig.log().state().segments() < 4 || groups(lastSegment()).size() < 3) {
            rig.offer(rig.randomSize());
            rig.settle();
        }
    }

    private void stop(boolean inGoodOrder) throws IOException {
        if (inGoodOrder) {
            rig.close();
        }
        rig.die(true);
    }

    private List<String> segments() {
        List<String> names = new ArrayList<>();
        for (long number = 1; number <= 4; number++) {
            names.add(LogFormat.segmentName(number));
        }
        return names;
    }

    private String lastSegment() {
        return LogFormat.segmentName(rig.log().state().segments());
    }

    /** Found as LogFormat describes them, without the log's own code. */
    private List<Group> groups(String segment) {
        ByteBuffer bytes = ByteBuffer.wrap(disk.durableBytes(segment)).order(ByteOrder.LITTLE_ENDIAN);
        List<Group> groups = new ArrayList<>();
        int at = 512;
        while (at + 32 <= bytes.capacity() && bytes.getInt(at + 4) > 0 && bytes.getLong(at + 8) == bytes.getLong(56)) {
            groups.add(new Group(at, at + bytes.getInt(at + 4)));
            at = (at + bytes.getInt(at + 4) + 511) / 512 * 512;
        }
        return groups;
    }

    private LogRig damagedAt(String segment, int offset) {
        LogRig damaged = rig.copyOn(disk.copyOfDurable(random), random);
        byte bad = (byte) (disk.durableBytes(segment)[offset] ^ (1 << random.nextInt(8)));
        damaged.disk.damage(segment, offset, new byte[] {bad});
        return damaged;
    }

    private static CorruptLogException refusal(LogRig damaged, String segment, int offset) {
        byte[] before = damaged.disk.durableBytes(segment);
        CorruptLogException refusal = assertThrows(CorruptLogException.class, damaged::open);
        assertEquals(segment, refusal.file());
        assertEquals(offset, refusal.offset());
        assertArrayEquals(before, damaged.disk.durableBytes(segment), "a refusal changes nothing");
        assertTrue(String.valueOf(refusal.getMessage()).contains("headgate log repair"), refusal.getMessage());
        return refusal;
    }

    @Test
    void anyBitOfAnyGroupIsMissedAndLocated() throws IOException {
        stop(true);
        for (String segment : segments()) {
            for (Group group : groups(segment)) {
                boolean last = segment.equals(segments().get(3))
                        && group.equals(groups(segment).get(groups(segment).size() - 1));
                int offset = group.offset + random.nextInt(group.end - group.offset);
                if (!last) {
                    refusal(damagedAt(segment, offset), segment, group.offset);
                }
            }
        }
    }

    @Test
    void anyBitOfASegmentsHeaderIsMissed() throws IOException {
        stop(true);
        for (String segment : segments()) {
            for (int i = 0; i < 20; i++) {
                refusal(damagedAt(segment, random.nextInt(512)), segment, 0);
            }
        }
    }

    @Test
    void whatLiesBetweenAndBehindTheGroupsDoesNotMatter() throws IOException {
        stop(true);
        for (String segment : segments()) {
            List<Group> groups = groups(segment);
            for (int i = 0; i < groups.size(); i++) {
                int gapEnd = i + 1 < groups.size() ? groups.get(i + 1).offset : SEGMENT_BYTES;
                if (gapEnd > groups.get(i).end) {
                    int offset = groups.get(i).end + random.nextInt(gapEnd - groups.get(i).end);
                    LogRig damaged = damagedAt(segment, offset);
                    damaged.open();
                    damaged.readAll();
                }
            }
        }
    }

    @Test
    void theLastGroupIsCutAsTornOnlyIfTheLogWasNotClosed() throws IOException {
        List<Group> groups = groups(lastSegment());
        String segment = lastSegment();
        Group last = groups.get(groups.size() - 1);
        long position = rig.next();
        stop(false);
        LogRig torn = damagedAt(segment, last.offset + random.nextInt(last.end - last.offset));
        AssertionError missing = assertThrows(AssertionError.class, torn::open, "the model misses what was cut");
        assertTrue(String.valueOf(missing.getMessage()).contains("were acked, not up to"), missing::getMessage);

        rig.open();
        rig.close();
        LogRig closed = rig.copyOn(disk.copyOfDurable(random), random);
        String copied = LogFormat.segmentName(5);
        closed.disk.damage(copied, last.offset + 20, new byte[] {(byte) 0xAA});
        CorruptLogException refusal = refusal(closed, copied, last.offset);
        assertTrue(refusal.position() < position, "the position is the first that the group had");
    }

    @Test
    void aLostWriteIsMissed() throws IOException {
        stop(true);
        String segment = segments().get(3);
        Group lost = groups(segment).get(1);
        LogRig damaged = rig.copyOn(disk.copyOfDurable(random), random);
        damaged.disk.damage(segment, lost.offset, new byte[lost.end - lost.offset]);
        refusal(damaged, segment, lost.offset);
    }

    @Test
    void aMisdirectedWriteIsMissed() throws IOException {
        stop(true);
        String segment = segments().get(3);
        Group first = groups(segment).get(0);
        Group second = groups(segment).get(1);
        byte[] bytes = disk.durableBytes(segment);
        LogRig damaged = rig.copyOn(disk.copyOfDurable(random), random);
        damaged.disk.damage(segment, first.offset, Arrays.copyOfRange(bytes, second.offset, second.end));
        refusal(damaged, segment, first.offset);
    }

    @Test
    void aLostSegmentIsMissed() throws IOException {
        stop(true);
        for (int lost : List.of(1, 2)) {
            LogRig damaged = rig.copyOn(disk.copyOfDurable(random), random);
            damaged.disk.damage(segments().get(lost));
            refusal(damaged, segments().get(lost + 1), 0);
        }
    }

    @Test
    void aSegmentOfAnotherLogIsRefused() throws IOException {
        stop(true);
        SimulatedDisk otherDisk = new SimulatedDisk(random, 200L * SEGMENT_BYTES);
        LogRig other = new LogRig(random, otherDisk, SETTINGS);
        other.open();
        other.close();
        LogRig mixed = rig.copyOn(disk.copyOfDurable(random), random);
        mixed.disk.damage(
                segments().get(0), 0, otherDisk.durableBytes(segments().get(0)));
        refusal(mixed, segments().get(0), 0);
    }

    @Test
    void aNewerFormatIsRefused() throws IOException {
        stop(true);
        String segment = segments().get(3);
        ByteBuffer header = ByteBuffer.wrap(disk.durableBytes(segment), 0, 512).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(8, 2);
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, 508);
        header.putInt(508, (int) crc.getValue());
        LogRig newer = rig.copyOn(disk.copyOfDurable(random), random);
        newer.disk.damage(segment, 0, Arrays.copyOf(header.array(), 512));
        assertTrue(String.valueOf(refusal(newer, segment, 0).getMessage()).contains("not version 1"));
    }

    @Test
    void aReaderOfATableStopsAtDamageOfItsRowsAndWhatItDeliveredIsRight() throws IOException {
        String segment = segments().get(1);
        Group bad = groups(segment).get(1);
        ByteBuffer header = ByteBuffer.wrap(disk.durableBytes(segment), bad.offset, 32)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        StreamRange lost = new StreamRange(header.getLong(16), header.getLong(16) + header.getInt(24));
        List<List<Long>> whole = new ArrayList<>();
        for (int table = 0; table < LogRig.TABLES; table++) {
            whole.add(new ArrayList<>());
            read(table, whole.get(table));
        }
        disk.damage(segment, bad.offset + 12, new byte[] {(byte) 0xAA});
        int stopped = 0;
        for (int table = 0; table < LogRig.TABLES; table++) {
            List<Long> delivered = new ArrayList<>();
            List<Long> readable = whole.get(table);
            if (readable.stream().anyMatch(lost::contains)) {
                int id = table;
                CorruptLogException damage = assertThrows(CorruptLogException.class, () -> read(id, delivered));
                assertEquals(segment, damage.file());
                assertEquals(bad.offset, damage.offset());
                assertTrue(damage.position() <= lost.from());
                readable = readable.stream()
                        .filter(position -> position < lost.from())
                        .toList();
                stopped++;
            } else {
                read(table, delivered);
            }
            assertEquals(readable, delivered);
        }
        assertTrue(stopped > 0, "somebody's rows are in the group");
        assertEquals(null, rig.fatal(), "reading is no reason for the log to fail");
    }

    private void read(int table, List<Long> positions) throws IOException {
        TableId id = TestAppend.schema(table, 0).table().id();
        rig.log().read(new StreamRange(0, rig.next()), id, entry -> positions.add(entry.position()));
    }

    @Test
    void whatAClientSendsIsNeverTakenForAGroup() throws IOException {
        LoggedSchema schema = TestAppend.schema(0, 0);
        rig.offer(TestAppend.random(random, schema, 100));
        rig.settle();
        String segment = lastSegment();
        List<Group> groups = groups(segment);
        int torn = (groups.get(groups.size() - 1).end + 511) / 512 * 512;
        long position = rig.next();
        // The entry is the only one of its group, so its payload begins behind both headers.
        ByteBuffer payload = ByteBuffer.allocate(512 - 72 + 32).order(ByteOrder.LITTLE_ENDIAN);
        payload.position(512 - 72).put(forgedGroup(segment, position + 1)).flip();
        rig.offer(new TestAppend(schema, 1, 0, List.of(), payload));
        rig.settle();
        stop(false);
        disk.damage(segment, torn, new byte[32]);
        LocalLog log = LocalLog.openStepwise(
                disk, SETTINGS, LogMetrics.none(), random, InstantSource.system(), () -> 0, entry -> {}, failure -> {});
        assertEquals(position, log.forcedPosition(), "the torn group is cut, and nothing follows it");
    }

    /** What somebody can make up who knows all of the log but its tags. */
    private ByteBuffer forgedGroup(String segment, long position) {
        ByteBuffer file = ByteBuffer.wrap(disk.durableBytes(segment)).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer group = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        group.putInt(0)
                .putInt(32)
                .putLong(0)
                .putLong(position)
                .putInt(0)
                .putInt(0)
                .flip();
        CRC32C crc = new CRC32C();
        crc.update(file.slice(16, 16));
        crc.update(file.slice(32, 8));
        crc.update(group.slice(4, 28));
        return group.putInt(0, (int) crc.getValue());
    }

    @Test
    void bytesOfAnEarlierUseAreNotTakenForGroups() throws IOException {
        // A spare is given the bytes of a whole segment of this very log, as recycling would leave them.
        byte[] old = disk.durableBytes(segments().get(0));
        stop(true);
        LogRig recycled = rig.copyOn(disk.copyOfDurable(random), random);
        for (String name : recycled.disk.list()) {
            if (LogFormat.isSpare(name)) {
                recycled.disk.damage(name, 0, old);
            }
        }
        recycled.open();
        recycled.readAll();
        for (int restart = 0; restart < 3; restart++) {
            recycled.offer(100);
            recycled.settle();
            recycled.die(true);
            recycled.open();
            recycled.readAll();
        }
    }
}
