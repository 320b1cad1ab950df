package io.headgate.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.SimulatedTables.Step;
import io.headgate.model.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Random faults, foreign commits, commits of ours that others replace, parking, and crashes over random loads: what was
 * acked is in its table once, in order, or beside it if it does not fit; what was refused is not; the log keeps everything
 * that is not in a table yet, and counts what is.
 */
class ExactlyOnceTest {
    private static final int ROUNDS = Integer.getInteger("headgate.rounds", 300);

    /** The log is under pressure almost always, so that tables in trouble are parked. */
    private static final StreamSettings TIGHT = new StreamSettings(
            new TableSettings(Rig.INTERVAL, 400, 4_000),
            Map.of(),
            500,
            4_000,
            Duration.ZERO,
            Duration.ofMillis(100),
            Duration.ofSeconds(30));

    @Test
    void ackedRowsAreInTheTableOnce() {
        rounds("ExactlyOnceTest", random -> new Round(random).play());
    }

    @Test
    void aCopyOfALogNeverMakesOneLoseAnAckedRowUnseen() {
        rounds("ExactlyOnceTest of copies", random -> new Copies(random).play());
    }

    /** What a round does with its randomness. */
    @FunctionalInterface
    private interface Play {
        void with(Random random);
    }

    private static void rounds(String name, Play play) {
        Seed seed = Seed.forTest(name);
        Random seeds = seed.random();
        for (int round = 0; round < ROUNDS; round++) {
            long roundSeed = seeds.nextLong();
            try {
                play.with(new Random(roundSeed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("in round " + round + " (its own seed is " + roundSeed + ")", e);
            }
        }
    }

    private static final class Round {
        private final List<LoggedTable> names = List.of(Rig.table("a"), Rig.table("b"), Rig.table("c"));
        private final SimulatedTables tables = new SimulatedTables();
        private final Random random;
        private final int faultsInHundred;
        private final StreamSettings settings;
        private final Set<Integer> acked = new HashSet<>();
        private final Set<Integer> refused = new HashSet<>();
        private boolean healed;
        private int nextRow;
        private Rig rig;

        Round(Random random) {
            this.random = random;
            this.faultsInHundred = random.nextInt(40);
            this.settings = random.nextBoolean() ? TIGHT : Rig.SETTINGS;
            tables.entriesMax(random.nextInt(3) == 0 ? 1 + random.nextInt(6) : Integer.MAX_VALUE);
            this.rig = process(new MemoryLog());
            tables.misfits(row -> row % 100 == 50);
        }

        private Rig process(MemoryLog log) {
            return new Rig(log, tables, this::fails, settings);
        }

        private boolean fails(Step step) {
            return !healed && random.nextInt(100) < faultsInHundred;
        }

        void play() {
            for (int i = 0; i < 300; i++) {
                step();
            }
            crash();
            healed = true;
            names.forEach(table -> tables.away(table.id(), false));
            for (int i = 0; i < 30; i++) {
                rig.advance(Duration.ofSeconds(31));
                tables.landLate();
            }
            check();
        }

        private void step() {
            LoggedTable table = names.get(random.nextInt(names.size()));
            switch (random.nextInt(20)) {
                case 0 -> tables.foreignCommit(table.id());
                case 1 -> tables.foreignAlter(table.id());
                case 2 -> tables.landLate();
                case 3 -> crash();
                case 9 -> tables.foreignReplace(table.id());
                case 10 -> tables.away(table.id(), random.nextInt(4) == 0);
                case 4, 5, 6 -> rig.advance(Duration.ofMillis(random.nextInt(5_000)));
                case 7, 8 -> rig.log.force(1 + random.nextInt(5));
                default -> append(table);
            }
            assertEquals("", rig.streams.fencedBy());
        }

        /** Rows carry their table in their last digit. */
        private void append(LoggedTable table) {
            int row = nextRow++ * 10 + names.indexOf(table);
            if (!rig.append(table, row, random.nextInt(tables.layout(table.id()) + 1))) {
                refused.add(row);
            }
        }

        private void crash() {
            acked.addAll(rig.acked);
            rig = process(rig.log.crash());
        }

        private void check() {
            assertEquals("", rig.streams.fencedBy());
            Set<Integer> found = new HashSet<>();
            for (LoggedTable table : names) {
                requireAscending(table, tables.rows(table.id()), found);
                requireAscending(table, tables.rejected(table.id()), found);
                Progress noted = rig.log.noted(table);
                long rows = tables.rows(table.id()).size();
                rows += tables.rejected(table.id()).size();
                assertEquals(rows, noted == null ? 0 : noted.rows(), "what the log counted");
            }
            assertTrue(found.containsAll(acked), "lost acked rows");
            refused.retainAll(found);
            assertTrue(refused.isEmpty(), "refused rows are in: " + refused);
            assertEquals(rig.log.forcedPosition(), rig.log.firstPosition(), "the log holds what is in the tables");
            assertEquals(0, rig.log.parkedBytes(), "parked rows are in the tables");
        }

        private void requireAscending(LoggedTable table, List<Integer> rows, Set<Integer> found) {
            int last = -1;
            for (int row : rows) {
                assertEquals(names.indexOf(table), row % 10, "a row in another's table");
                assertTrue(row > last, "row " + row + " is not after " + last);
                last = row;
                found.add(row);
            }
        }
    }

    /**
     * Processes on copies of one log, which go on alone, die and start again in any order. One of them at the most writes
     * what it alone acked. What another acked stays in its log, and that process says that it is fenced.
     */
    private static final class Copies {
        private static final int COPIES = 3;

        private final SimulatedTables tables = new SimulatedTables();
        private final Random random;
        private final int faultsInHundred;
        private final Map<Integer, Set<Integer>> acked = new HashMap<>();
        private final Set<Integer> common;
        private final List<Rig> rigs = new ArrayList<>();
        private boolean healed;
        private int nextRow;

        Copies(Random random) {
            this.random = random;
            this.faultsInHundred = random.nextInt(60);
            rigs.add(process(new MemoryLog()));
            for (int i = 0; i < 40; i++) {
                step(0);
            }
            restart(0);
            common = Set.copyOf(acked.getOrDefault(0, Set.of()));
            for (int i = 1; i < COPIES; i++) {
                rigs.add(process(rigs.get(0).log.copy()));
            }
        }

        private Rig process(MemoryLog log) {
            return new Rig(log, tables, step -> !healed && random.nextInt(100) < faultsInHundred, Rig.SETTINGS);
        }

        void play() {
            for (int i = 0; i < 200; i++) {
                step(random.nextInt(COPIES));
            }
            healed = true;
            for (int i = 0; i < COPIES; i++) {
                restart(i);
            }
            for (int i = 0; i < 20; i++) {
                rigs.forEach(rig -> rig.advance(Duration.ofSeconds(31)));
            }
            check();
        }

        private void step(int of) {
            Rig rig = rigs.get(of);
            switch (random.nextInt(10)) {
                case 0 -> restart(of);
                case 1, 2, 3 -> rig.advance(Duration.ofMillis(random.nextInt(5_000)));
                case 4, 5 -> rig.log.force(1 + random.nextInt(5));
                default -> rig.append(Rig.TABLE, nextRow++);
            }
        }

        private void restart(int of) {
            acked.computeIfAbsent(of, copy -> new HashSet<>()).addAll(rigs.get(of).acked);
            rigs.set(of, process(rigs.get(of).log.crash()));
        }

        private void check() {
            List<Integer> rows = tables.rows(Rig.TABLE.id());
            Set<Integer> found = new HashSet<>(rows);
            assertEquals(found.size(), rows.size(), "rows are in the table twice");
            int writers = 0;
            for (int i = 0; i < COPIES; i++) {
                Set<Integer> own = new HashSet<>(acked.getOrDefault(i, Set.of()));
                Set<Integer> missing = new HashSet<>(own);
                missing.removeAll(found);
                boolean isFenced = !rigs.get(i).streams.fencedBy().isEmpty();
                assertTrue(isFenced || missing.isEmpty(), "copy " + i + " is content without " + missing);
                missing.removeAll(rowsIn(rigs.get(i).log));
                assertTrue(missing.isEmpty(), "neither in the table nor in the log of copy " + i + ": " + missing);
                own.removeAll(common);
                own.retainAll(found);
                writers += own.isEmpty() ? 0 : 1;
            }
            assertTrue(writers <= 1, writers + " of the copies wrote to the table");
        }

        private static Set<Integer> rowsIn(MemoryLog log) {
            Set<Integer> rows = new HashSet<>();
            log.forEach(entry -> rows.add(entry.payload().getInt(0)));
            return rows;
        }
    }
}
