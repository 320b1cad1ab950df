package io.headgate.batching;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CommitPaceTest {
    private static final long COST_NANOS = MILLISECONDS.toNanos(10);

    private final ManualClock clock = new ManualClock(Instant.EPOCH);
    private final CommitPace pace = new CommitPace(0.1, Duration.ofSeconds(20), clock::nanoTime, () -> 0);

    @Test
    void whatFitsIntoTheBurstBeginsAtOnceAndTheRestAtTheShare() {
        // 10 ms at a tenth of a core take 100 ms; 2 s of that are saved up.
        for (int i = 0; i <= 20; i++) {
            assertEquals(0, pace.book(COST_NANOS), "commit " + i);
        }
        assertEquals(MILLISECONDS.toNanos(100), pace.book(COST_NANOS));
        assertEquals(MILLISECONDS.toNanos(200), pace.book(COST_NANOS));
        clock.advance(Duration.ofMillis(150));
        assertEquals(MILLISECONDS.toNanos(300), pace.book(COST_NANOS), "behind those that wait");
    }

    @Test
    void nothingIsSavedBeyondTheBurst() {
        clock.advance(Duration.ofHours(1));
        long now = clock.nanoTime();
        for (int i = 0; i <= 20; i++) {
            assertEquals(now, pace.book(COST_NANOS));
        }
        assertEquals(now + MILLISECONDS.toNanos(100), pace.book(COST_NANOS));
    }

    @Test
    void oneCommitPaysForNoMoreThanTheBurst() {
        pace.book(SECONDS.toNanos(60));
        assertEquals(0, pace.book(COST_NANOS));
    }

    @Test
    void whatWasBookedAndNotUsedIsGivenBack() {
        for (int i = 0; i < 40; i++) {
            pace.book(COST_NANOS);
        }
        for (int i = 0; i < 40; i++) {
            pace.settle(COST_NANOS, COST_NANOS / 2);
        }
        assertEquals(0, pace.book(COST_NANOS));
        assertEquals(MILLISECONDS.toNanos(100), pace.book(COST_NANOS));
    }

    @Test
    void whatWasNotBookedUsesUpWhatIsSavedAndMakesNobodyWait() {
        for (int i = 0; i < 100; i++) {
            pace.settle(0, COST_NANOS);
        }
        assertEquals(0, pace.book(COST_NANOS));
        assertEquals(MILLISECONDS.toNanos(100), pace.book(COST_NANOS));
    }

    @Test
    void noCommitWaitsLongerThanTheBound() {
        for (int i = 0; i < 300; i++) {
            pace.book(COST_NANOS);
        }
        assertEquals(SECONDS.toNanos(20), pace.book(COST_NANOS));
        clock.advance(Duration.ofSeconds(5));
        assertEquals(SECONDS.toNanos(20), pace.book(COST_NANOS), "and what could not wait longer is not owed");
        assertEquals(SECONDS.toNanos(20) + MILLISECONDS.toNanos(100), pace.book(COST_NANOS));
    }

    @Test
    void aSurplusForgivesNoDebt() {
        for (int i = 0; i < 60; i++) {
            pace.book(COST_NANOS);
        }
        pace.settle(0, COST_NANOS);
        assertEquals(SECONDS.toNanos(4), pace.book(COST_NANOS));
    }

    @Test
    void manyBusyTablesAreCommittedMoreRarely() {
        SimulatedTables tables = new SimulatedTables();
        Rig rig = new Rig(tables);
        // Fifty commits of 40 ms take 10 s of the 0.2 cores that are for commits; the interval is 2 s.
        tables.cost(0, MILLISECONDS.toNanos(40));
        int row = 0;
        long[] early = new long[50];
        for (int round = 0; round < 350; round++) {
            for (int table = 0; table < 50; table++) {
                rig.appendForced(Rig.table("t" + table), row++);
                early[table] = round == 99 ? tables.version(Rig.table("t" + table)) : early[table];
            }
            rig.advance(Duration.ofMillis(200));
        }
        long all = 0;
        for (int table = 0; table < 50; table++) {
            long commits = tables.version(Rig.table("t" + table)) - early[table];
            assertTrue(commits >= 4 && commits <= 6, "commits of table " + table + " in 50 s: " + commits);
            all += commits;
        }
        double cores = all * 0.04 / 50;
        assertTrue(cores > 0.19 && cores < 0.21, "cores that commits took: " + cores);
    }

    @Test
    void fewTablesKeepTheirInterval() {
        SimulatedTables tables = new SimulatedTables();
        Rig rig = new Rig(tables);
        tables.cost(0, MILLISECONDS.toNanos(20));
        for (int round = 0; round < 200; round++) {
            for (int table = 0; table < 10; table++) {
                rig.appendForced(Rig.table("t" + table), round * 10 + table);
            }
            rig.advance(Duration.ofMillis(100));
        }
        for (int table = 0; table < 10; table++) {
            assertTrue(tables.version(Rig.table("t" + table)) >= 9, "each 2 s, and 20 s went by");
        }
    }

    @Test
    void tablesOwnRowsDoNotCount() {
        SimulatedTables tables = new SimulatedTables();
        Rig rig = new Rig(tables);
        // Ten commits of five rows of 100 ms: 25 s of the share if they counted. No commit passes over others' rows.
        tables.cost(MILLISECONDS.toNanos(100), 0);
        for (int round = 0; round < 10; round++) {
            for (int row = 0; row < 50; row++) {
                rig.appendForced(Rig.table("t" + row / 5), round * 50 + row);
            }
            rig.advance(Rig.INTERVAL);
        }
        for (int table = 0; table < 10; table++) {
            assertEquals(10, tables.version(Rig.table("t" + table)), "one in each interval");
        }
    }

    @Test
    void othersRowsDoCount() {
        SimulatedTables tables = new SimulatedTables();
        Rig rig = new Rig(tables);
        // Half of what each reads is the other's, as if each of its own rows took 20 ms for that: 200 ms in each
        // second, of both.
        tables.cost(MILLISECONDS.toNanos(40), 0);
        LoggedTable other = Rig.table("other");
        for (int row = 0; row < 600; row++) {
            rig.appendForced(row % 2 == 0 ? Rig.TABLE : other, row);
            rig.advance(Duration.ofMillis(50));
        }
        long commits = tables.version(Rig.TABLE) + tables.version(other);
        assertTrue(commits < 28, "they wait longer than 2 s, and 30 s went by: " + commits);
    }

    @Test
    void aFullFileWaitsForNoTurn() {
        SimulatedTables tables = new SimulatedTables();
        Rig rig = new Rig(tables);
        tables.cost(0, SECONDS.toNanos(1));
        for (int table = 0; table < 50; table++) {
            rig.appendForced(Rig.table("t" + table), table);
        }
        rig.settle(); // each costs 5 s of the share now, of which one pays 2
        for (int table = 0; table < 50; table++) {
            rig.appendForced(Rig.table("t" + table), 50 + table);
        }
        rig.advance(Rig.INTERVAL);
        LoggedTable last = Rig.table("t49");
        long before = tables.version(last);
        assertTrue(rig.streams.tables().stream().anyMatch(status -> status.pendingRows() > 0), "some wait");
        int row = 100;
        while (rig.stream(last).pending().bytes() < 10_000 && tables.version(last) == before) {
            rig.appendForced(last, row++);
        }
        rig.run();
        assertEquals(before + 1, tables.version(last));
    }

    @Test
    void whatAnEarlierProcessLeftWaitsForNoTurn() {
        SimulatedTables tables = new SimulatedTables();
        tables.cost(0, SECONDS.toNanos(1));
        Rig rig = new Rig(tables);
        IntStream.range(0, 50).forEach(row -> rig.appendForced(Rig.table("t" + row), row));
        Rig next = new Rig(rig.log.crash(), tables);
        next.run();
        assertEquals(50, next.committedRows);
    }

    @Test
    void commitsNeedAShare() {
        assertThrows(IllegalArgumentException.class, () -> new CommitPace(0, Duration.ZERO, clock::nanoTime, () -> 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> new CommitPace(Double.NaN, Duration.ZERO, clock::nanoTime, () -> 0));
    }
}
