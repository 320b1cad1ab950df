package io.headgate.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Seed;
import io.headgate.model.StreamRange;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ExtentsTest {
    private static final int GAP_MAX = 65_536;

    @Test
    void neighboursShareARunAndFarEntriesDoNot() {
        Extents extents = new Extents(100);
        extents.add(10, 5, 1);
        extents.add(11, 5, 1);
        extents.add(12 + GAP_MAX, 5, 1);
        extents.add(13 + GAP_MAX + GAP_MAX + 1, 5, 1);
        Extents.Batch batch = taken(extents, 1000);
        assertEquals(
                List.of("[10, 65549)", "[131086, 131087)"),
                batch.runs().stream().map(Object::toString).toList());
        assertEquals(20, batch.bytes());
        assertEquals(4, batch.rows());
    }

    @Test
    void aBatchEndsAtTheTarget() {
        Extents extents = new Extents(100);
        extents.add(0, 1 << 20, 1);
        extents.add(1, 1 << 20, 1);
        extents.add(2, 1 << 20, 1);
        assertEquals(2, taken(extents, (1 << 20) + 1).to());
        assertEquals(1 << 20, extents.bytes());
        assertEquals(3, taken(extents, 1).to());
        assertNull(extents.take(1));
    }

    @Test
    void droppingForgetsWholeRunsAndCutsTheOneThatLiesAcrossByWhatItIsToldLiesThere() {
        Extents extents = new Extents(100);
        extents.add(0, 7, 1);
        extents.add(1, 9, 2);
        extents.add(100_000, 7, 1);
        Cut cut = new Cut(1);
        cut.accept(entry(0, 7, 1));
        cut.accept(entry(1, 9, 2));
        assertEquals(Extents.Size.NONE, extents.dropBelow(1));
        assertEquals(0, extents.firstPosition(0));
        assertEquals(new StreamRange(0, 2), extents.across(1));
        extents.cut(cut);
        assertEquals(1, extents.firstPosition(0));
        assertEquals(16, extents.bytes());
        assertEquals(3, extents.rows());
        assertNull(extents.across(1));
        assertEquals(new Extents.Size(9, 2), extents.dropBelow(2));
        assertEquals(100_000, extents.firstPosition(0));
        assertEquals(new Extents.Size(7, 1), extents.dropBelow(Long.MAX_VALUE));
        assertTrue(extents.isEmpty());
        assertEquals(0, extents.rows());
    }

    @Test
    void aBatchGivesBackWhatItHasFromAPositionOn() {
        Extents extents = new Extents(100);
        extents.add(0, 7, 1);
        extents.add(1, 9, 2);
        extents.add(5, 11, 3);
        extents.add(100_000, 7, 1);
        extents.add(200_000, 5, 1);
        Extents.Batch batch = taken(extents, 28);
        assertEquals(new StreamRange(0, 6), batch.across(1));
        assertNull(batch.across(100_000));
        Cut cut = new Cut(4);
        cut.accept(entry(0, 7, 1));
        cut.accept(entry(1, 9, 2));
        cut.accept(entry(5, 11, 3));

        Extents.Batch kept = extents.putBackFrom(batch, cut);
        assertEquals(List.of(new StreamRange(0, 4)), kept.runs());
        assertEquals(new Extents.Size(16, 3), new Extents.Size(kept.bytes(), kept.rows()));
        assertEquals(5, extents.firstPosition(0));
        assertEquals(23, extents.bytes());
        Extents.Batch rest = taken(extents, 1_000);
        assertEquals(
                List.of(new StreamRange(5, 6), new StreamRange(100_000, 100_001), new StreamRange(200_000, 200_001)),
                rest.runs());
        assertEquals(5, rest.rows());
    }

    @Test
    void whatIsParkedBelowAPositionCountsNoMore() {
        Extents extents = new Extents(100);
        extents.add(10, 7, 1);
        extents.add(12, 7, 1);
        extents.add(100_000, 5, 1);
        assertEquals(10, extents.firstPosition(0));
        assertEquals(11, extents.firstPosition(11));
        assertEquals(100_000, extents.firstPosition(13));
        assertEquals(Long.MAX_VALUE, extents.firstPosition(100_001));
        assertEquals(0, extents.bytesBelow(10));
        assertEquals(14, extents.bytesBelow(100_000));
        assertEquals(19, extents.bytesBelow(100_001));
    }

    @Test
    void anyMixOfCallsKeepsEveryEntryAndEveryByteWithinTheBound() {
        Seed seed = Seed.forTest("ExtentsTest");
        Random random = seed.random();
        for (int round = 0; round < 200; round++) {
            int runsMax = 2 + random.nextInt(20);
            Extents extents = new Extents(runsMax);
            TreeMap<Long, Integer> model = new TreeMap<>();
            long position = random.nextInt(1000);
            for (int i = 0; i < 500; i++) {
                if (random.nextInt(10) > 0) {
                    position += 1 + random.nextInt(random.nextBoolean() ? 3 : 3 * GAP_MAX);
                    int bytes = 1 + random.nextInt(1 << 19);
                    extents.add(position, bytes, 1);
                    model.put(position, bytes);
                } else if (!model.isEmpty()) {
                    Extents.Batch batch = taken(extents, 1 + random.nextInt(1 << 21));
                    assertTrue(batch.runs().size() <= runsMax + 1);
                    long bytes = 0;
                    while (!model.isEmpty() && model.firstKey() < batch.to()) {
                        var entry = model.pollFirstEntry();
                        long first = entry.getKey();
                        assertTrue(batch.runs().stream().anyMatch(run -> run.contains(first)));
                        bytes += entry.getValue();
                    }
                    assertEquals(bytes, batch.bytes());
                }
                assertEquals(model.values().stream().mapToLong(b -> b).sum(), extents.bytes());
                assertEquals(model.isEmpty() ? Long.MAX_VALUE : model.firstKey(), extents.firstPosition(0));
            }
        }
    }

    private static LogEntry entry(long position, int bytes, int rows) {
        return new LogEntry(
                position, new LoggedSchema(Rig.TABLE, "0"), rows, 0, List.of(), bytes, ByteBuffer.allocate(0));
    }

    private static Extents.Batch taken(Extents extents, long targetBytes) {
        Extents.Batch batch = extents.take(targetBytes);
        assertNotNull(batch);
        return batch;
    }
}
