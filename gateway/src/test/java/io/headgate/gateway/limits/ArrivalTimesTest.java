package io.headgate.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Seed;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArrivalTimesTest {
    private static final long SECOND = 1_000_000_000;
    private static final long NOW = 1;

    private static Limit limit(long requests, long bytes, int seconds) {
        return Limit.of(
                "subject",
                new Rates(
                        Optional.of(new Quota(requests, Duration.ofSeconds(seconds))),
                        Optional.of(new Quota(bytes, Duration.ofSeconds(seconds)))));
    }

    private static Gcra bytes(Limit limit) {
        return Objects.requireNonNull(limit.bytes());
    }

    private static Limit requests(long requests, int seconds) {
        return Limit.of(
                "subject", new Rates(Optional.of(new Quota(requests, Duration.ofSeconds(seconds))), Optional.empty()));
    }

    /** The other form of the algorithm in I.371, the leaky bucket of unbounded memory: what is in it, and since when. */
    private static final class Bucket {
        private final Gcra limit;
        private long level;
        private long atNanos;

        Bucket(Gcra limit) {
            this.limit = limit;
        }

        private long levelAt(long now) {
            return Math.max(0, level - (now - atNanos));
        }

        boolean hasRoom(long now) {
            return levelAt(now) + limit.nanosFor(1) <= limit.quota().window().toNanos();
        }

        void pour(long now, long units) {
            level = levelAt(now) + limit.nanosFor(units);
            atNanos = now;
        }
    }

    /** Half as many callers as there is room for, so that each has a place of its own. */
    @Test
    void decidesAsALeakyBucketForEachCallerDoes() {
        Random random = Seed.forTest("ArrivalTimesTest").random();
        for (int round = 0; round < 50; round++) {
            Limit limit = limit(1L + random.nextInt(20), 1L + random.nextInt(5_000), 1 + random.nextInt(5));
            ArrivalTimes times = new ArrivalTimes(256);
            Map<Long, Bucket[]> reference = new HashMap<>();
            long[] callers = random.longs(40).toArray();
            long now = NOW;
            for (int step = 0; step < 2_000; step++) {
                now += random.nextInt(4) == 0 ? (long) (random.nextDouble() * SECOND) : random.nextInt(1_000);
                long caller = callers[random.nextInt(callers.length)];
                long bytes = random.nextInt(3_000);
                Bucket[] buckets = reference.computeIfAbsent(caller, c ->
                        new Bucket[] {new Bucket(Objects.requireNonNull(limit.requests())), new Bucket(bytes(limit))});
                if (random.nextInt(10) == 0) {
                    times.charge(caller, bytes(limit), now, bytes);
                    buckets[1].pour(now, bytes);
                    continue;
                }
                boolean expected = buckets[0].hasRoom(now) && buckets[1].hasRoom(now);
                assertEquals(
                        expected, times.take(caller, limit, now, bytes).taken(), "round " + round + " step " + step);
                if (expected && random.nextInt(10) == 0) {
                    times.giveBack(caller, limit, bytes);
                } else if (expected) {
                    buckets[0].pour(now, 1);
                    buckets[1].pour(now, bytes);
                }
            }
            assertEquals(0, times.shared());
        }
    }

    @Test
    void aQuotaOfOne() {
        ArrivalTimes times = new ArrivalTimes(1);
        Limit one = requests(1, 2);
        assertTrue(times.take(7, one, NOW, 0).taken());
        assertFalse(times.take(7, one, NOW, 0).taken());
        assertFalse(times.take(7, one, NOW + 2 * SECOND - 1, 0).taken());
        assertTrue(times.take(7, one, NOW + 2 * SECOND, 0).taken());
    }

    @Test
    void aWholeQuotaAtOnceAndThenSteadily() {
        ArrivalTimes times = new ArrivalTimes(1);
        Limit ten = requests(10, 1);
        for (int i = 0; i < 10; i++) {
            assertTrue(times.take(0, ten, NOW, 0).taken());
        }
        assertFalse(times.take(0, ten, NOW, 0).taken());
        assertFalse(times.take(0, ten, NOW + SECOND / 10 - 1, 0).taken());
        assertTrue(times.take(0, ten, NOW + SECOND / 10, 0).taken());
        assertFalse(times.take(0, ten, NOW + SECOND / 10, 0).taken());
    }

    @Test
    void aHugeRateRefusesNobodyAndNeverOverflows() {
        ArrivalTimes times = new ArrivalTimes(1);
        Limit huge = limit(1_000_000_000, 1L << 50, 1);
        for (int i = 0; i < 1_000; i++) {
            assertTrue(times.take(7, huge, NOW, 1 << 28).taken());
        }
    }

    /** The smallest rate and the largest bodies there can be: a debt of centuries, and no way around it by overflow. */
    @Test
    void aDebtStaysADebt() {
        ArrivalTimes times = new ArrivalTimes(1);
        Limit least = limit(1_000, 1, 3_600);
        assertTrue(times.take(7, least, NOW, 1 << 28).taken());
        for (int i = 0; i < 100; i++) {
            times.charge(7, bytes(least), NOW + i, 1 << 28);
            assertFalse(times.take(7, least, NOW + i, 1 << 28).taken());
        }
        assertFalse(times.take(7, least, NOW + 365L * 86_400 * SECOND, 0).taken());
    }

    @Test
    void whoeverIsInStaysInAndOthersShareOneQuota() {
        ArrivalTimes times = new ArrivalTimes(1);
        Limit two = requests(2, 1);
        for (int caller = 1; caller <= 16; caller++) {
            assertTrue(times.take(caller, two, NOW, 0).taken());
            assertTrue(times.take(caller, two, NOW, 0).taken());
        }
        int admitted = 0;
        for (int caller = 17; caller <= 1_000; caller++) {
            admitted += times.take(caller, two, NOW, 0).taken() ? 1 : 0;
        }
        assertEquals(2, admitted);
        assertEquals(984, times.shared());
        for (int caller = 1; caller <= 16; caller++) {
            assertFalse(times.take(caller, two, NOW, 0).taken());
        }
    }

    @Test
    void anEntryThatSaysNothingMakesRoom() {
        ArrivalTimes times = new ArrivalTimes(1);
        Limit one = requests(1, 1);
        for (int caller = 1; caller <= 16; caller++) {
            assertTrue(times.take(caller, one, NOW, 0).taken());
        }
        long later = NOW + SECOND;
        for (int caller = 101; caller <= 116; caller++) {
            assertTrue(times.take(caller, one, later, 0).taken());
            assertFalse(times.take(caller, one, later, 0).taken());
        }
        assertEquals(0, times.shared());
    }

    @Test
    void aMillionCallersInLessThan64Megabytes() {
        ArrivalTimes times = new ArrivalTimes(1_000_000);
        assertTrue(times.sizeBytes() < 64_000_000, times.sizeBytes() + " bytes");
        Limit one = requests(1, 3_600);
        Random random = Seed.forTest("ArrivalTimesTest").random();
        long[] callers = random.longs(1_000_000).toArray();
        for (long caller : callers) {
            times.take(caller, one, NOW, 0);
        }
        long shared = times.shared();
        assertTrue(shared < callers.length / 200, shared + " without a place");
        long again = 0;
        for (long caller : callers) {
            again += times.take(caller, one, NOW, 0).taken() ? 1 : 0;
        }
        assertEquals(0, again);
    }
}
