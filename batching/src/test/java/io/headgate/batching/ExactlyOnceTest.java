package io.headgate.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.SimulatedTables.Step;
import io.headgate.model.Seed;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Random faults, foreign commits and crashes over random loads: what was acked is in its table once, in order; what was
 * refused is not; and the log keeps everything that is not in a table yet.
 */
class ExactlyOnceTest {
    private static final int ROUNDS = Integer.getInteger("headgate.rounds", 300);

    @Test
    void ackedRowsAreInTheTableOnce() {
        Seed seed = Seed.forTest("ExactlyOnceTest");
        Random seeds = seed.random();
        for (int round = 0; round < ROUNDS; round++) {
            long roundSeed = seeds.nextLong();
            try {
                new Round(new Random(roundSeed)).play();
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
        private final Set<Integer> acked = new HashSet<>();
        private final Set<Integer> refused = new HashSet<>();
        private boolean healed;
        private int nextRow;
        private Rig rig;

        Round(Random random) {
            this.random = random;
            this.faultsInHundred = random.nextInt(40);
            this.rig = process(new MemoryLog());
        }

        private Rig process(MemoryLog log) {
            return new Rig(log, tables, this::fails, Rig.SETTINGS);
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
                int last = -1;
                for (int row : tables.rows(table.id())) {
                    assertEquals(names.indexOf(table), row % 10, "a row in another's table");
                    assertTrue(row > last, "row " + row + " is not after " + last);
                    last = row;
                    found.add(row);
                }
            }
            assertTrue(found.containsAll(acked), "lost acked rows");
            refused.retainAll(found);
            assertTrue(refused.isEmpty(), "refused rows are in: " + refused);
            assertEquals(rig.log.forcedPosition(), rig.log.firstPosition(), "the log holds what is in the tables");
        }
    }
}
