package io.headgate.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Seed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyTableTest {
    private static final long WINDOW = 1_000;
    private static final int ONE_MIB = 1 << 20;

    private static IdempotencyKey key(long number) {
        return new IdempotencyKey(number, ~number, number * 31);
    }

    private static int find(KeyTable table, long number, long now) {
        return table.find(number, ~number, now);
    }

    /** A key, as the reference keeps it. */
    private record Held(long number, long position, long acceptedNanos) {}

    /** Against a queue that is searched from its end; keys of few numbers, so that they come again, and meet in the index. */
    @Test
    void findsWhatAQueueFinds() {
        Random random = Seed.forTest("KeyTableTest").random();
        for (int maxBytes : new int[] {48, 500, 5_000, 20_000}) {
            KeyTable table = new KeyTable(maxBytes, WINDOW, random.nextLong());
            Deque<Held> reference = new ArrayDeque<>();
            int most = Integer.MAX_VALUE;
            long now = Long.MAX_VALUE - 5_000; // nanoTime may wrap
            for (int step = 0; step < 20_000; step++) {
                now += random.nextInt(random.nextInt(100) == 0 ? (int) WINDOW : 20);
                long number = random.nextInt(1_000);
                Held held = find(reference, number, now);
                int slot = find(table, number, now);
                assertEquals(held != null, slot != KeyTable.NONE, () -> "key " + number);
                if (held != null) {
                    assertEquals(held.position, table.position(slot));
                    assertEquals(number * 31, table.body(slot));
                    continue;
                }
                table.add(key(number), step, now, now);
                table.expire(now, Integer.MAX_VALUE);
                while (!reference.isEmpty() && now - reference.getFirst().acceptedNanos >= WINDOW) {
                    reference.removeFirst();
                }
                reference.addLast(new Held(number, step, now));
                if (table.size() < reference.size()) { // full: the oldest left
                    most = Math.min(most, table.size());
                    assertEquals(reference.size() - 1, table.size());
                    assertEquals(most, table.size());
                    assertEquals(now - reference.removeFirst().acceptedNanos, table.keptNanos(now));
                }
                assertTrue(table.bytes() <= maxBytes, () -> table.bytes() + " of " + maxBytes);
            }
        }
    }

    private static @Nullable Held find(Deque<Held> reference, long number, long now) {
        for (Held held : reference) {
            if (held.number == number && now - held.acceptedNanos < WINDOW) {
                return held;
            }
        }
        return null;
    }

    @Test
    void aKeyIsKnownForExactlyTheWindow() {
        KeyTable table = new KeyTable(ONE_MIB, WINDOW, 1);
        table.add(key(1), 7, 100, 100);
        assertEquals(7, table.position(find(table, 1, 100 + WINDOW - 1)));
        assertEquals(KeyTable.NONE, find(table, 1, 100 + WINDOW));
    }

    /** As recovery may deliver them: what stands before it in the ring keeps the old entry there, which must not count. */
    @Test
    void aKeyThatComesAgainAfterItsTimeIsTheNewOne() {
        KeyTable table = new KeyTable(ONE_MIB, WINDOW, 1);
        table.add(key(1), 1, 500, 500);
        table.add(key(2), 2, 0, 500);
        table.add(key(2), 3, 1_100, 1_100);
        assertEquals(3, table.position(find(table, 2, 1_100)));
        assertEquals(3, table.size());
        assertFalse(table.expire(1_500, 2));
        assertEquals(1, table.size());
        assertEquals(3, table.position(find(table, 2, 1_500)));
        for (int i = 10; i < 200; i++) { // grows
            table.add(key(i), i, 1_500, 1_500);
        }
        assertEquals(3, table.position(find(table, 2, 1_500)));
    }

    @Test
    void whatIsOverLeavesLittleByLittle() {
        KeyTable table = new KeyTable(ONE_MIB, WINDOW, 1);
        for (int i = 0; i < 64; i++) {
            table.add(key(i), i, 0, 0);
        }
        assertTrue(table.expire(WINDOW, 10));
        assertEquals(54, table.size());
        table.add(key(100), 100, WINDOW, WINDOW);
        assertEquals(51, table.size(), "an addition removes four");
        assertFalse(table.expire(WINDOW, 50));
        assertEquals(1, table.size());
    }

    @Test
    void aFullTableForgetsTheOldestAndSaysSo() {
        KeyTable table = new KeyTable(5_000, WINDOW, 1);
        int count = 0;
        while (table.size() == count) {
            table.add(key(count), count, count, count);
            count++;
        }
        long now = count - 1L;
        assertEquals(KeyTable.NONE, find(table, 0, now));
        assertEquals(1, table.position(find(table, 1, now)));
        assertEquals(now, table.keptNanos(now));
        assertEquals(WINDOW, table.keptNanos(now + WINDOW), "for a window nothing left early");
        assertTrue(table.bytes() > 5_000 * 3 / 4, "of the room " + table.bytes() + " is used");
    }

    @Test
    void growsFromLittleAndTakesAtMost96BytesForAKey() {
        KeyTable table = new KeyTable(ONE_MIB, WINDOW, 1);
        assertTrue(table.bytes() <= 64 * 48);
        for (int i = 0; i < 15_000; i++) {
            table.add(key(i), i, 0, 0);
            int held = table.size();
            assertTrue(held < 64 || table.bytes() <= held * 96L + 96, () -> table.bytes() + " for " + held);
        }
        assertEquals(15_000, table.size());
    }

    @Test
    void aTableNeedsRoomForOneKey() {
        assertThrows(IllegalArgumentException.class, () -> new KeyTable(47, WINDOW, 1));
        KeyTable table = new KeyTable(48, WINDOW, 1);
        table.add(key(1), 1, 0, 0);
        table.add(key(2), 2, 0, 0);
        assertEquals(KeyTable.NONE, find(table, 1, 0));
        assertEquals(2, table.position(find(table, 2, 0)));
    }
}
