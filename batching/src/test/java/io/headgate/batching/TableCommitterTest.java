package io.headgate.batching;

import static io.headgate.batching.Rig.INTERVAL;
import static io.headgate.batching.Rig.SETTINGS;
import static io.headgate.batching.Rig.TABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.SimulatedTables.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableCommitterTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(31);
    private static final int ENTRY_BYTES = 36;

    private final SimulatedTables tables = new SimulatedTables();

    @Test
    void rowsReachTheTableOneIntervalAfterTheFirst() {
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        rig.advance(INTERVAL.dividedBy(2));
        rig.appendForced(TABLE, 2);
        assertEquals(List.of(), tables.rows(TABLE.id()));
        rig.advance(INTERVAL.dividedBy(2));
        assertEquals(List.of(1, 2), tables.rows(TABLE.id()));
        assertEquals(OptionalLong.of(2), tables.txn(TABLE.id()));
    }

    @Test
    void enoughBytesCommitAtOnce() {
        Rig rig = new Rig(tables);
        int justBelow = 10_000 / ENTRY_BYTES;
        for (int row = 0; row < justBelow; row++) {
            rig.appendForced(TABLE, row);
        }
        rig.run();
        assertEquals(0, tables.rows(TABLE.id()).size());
        rig.appendForced(TABLE, -1);
        rig.run();
        assertEquals(justBelow + 1, tables.rows(TABLE.id()).size());
    }

    @Test
    void unforcedRowsAreNeitherAckedNorCommitted() {
        Rig rig = new Rig(tables);
        assertTrue(rig.append(TABLE, 1));
        rig.advance(LONG_ENOUGH);
        assertEquals(List.of(), rig.acked);
        assertEquals(List.of(), tables.rows(TABLE.id()));
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void aFailureAtAnyStepIsRepeatedUntilTheRowsAreInOnce(Step step) {
        AtomicInteger failures = new AtomicInteger(3);
        Rig rig = new Rig(
                new MemoryLog(),
                tables.writer(at -> at == step && failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0),
                SETTINGS);
        rig.appendForced(TABLE, 7);
        for (int i = 0; i < 5; i++) {
            rig.advance(LONG_ENOUGH);
            tables.landLate();
        }
        assertEquals(List.of(7), tables.rows(TABLE.id()));
        assertTrue(failures.get() < 3, "no failure was injected");
        failures.set(0);
        rig.appendForced(TABLE, 8);
        rig.advance(LONG_ENOUGH);
        rig.advance(LONG_ENOUGH);
        assertEquals(List.of(7, 8), tables.rows(TABLE.id()));
        assertEquals("", rig.streams.fencedBy());
    }

    @Test
    void aConflictReusesTheDataFile() {
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        tables.foreignCommit(TABLE.id());
        rig.advance(INTERVAL);
        rig.advance(LONG_ENOUGH);
        assertEquals(List.of(1), tables.rows(TABLE.id()));
        assertEquals(1, rig.writer.written().size());
    }

    @Test
    void rowsAreWrittenAgainForAnAlteredTable() {
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        tables.foreignAlter(TABLE.id());
        rig.advance(INTERVAL);
        rig.advance(LONG_ENOUGH);
        assertEquals(List.of(1), tables.rows(TABLE.id()));
        assertEquals(
                List.of(0, 1),
                rig.writer.written().stream().map(SimulatedTables.File::attempt).toList());
    }

    @Test
    void rowsOfANewerLayoutThanTheVersionKeptAreCommittedAtOnce() {
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        rig.advance(INTERVAL);
        tables.foreignAlter(TABLE.id());
        assertTrue(rig.append(TABLE, 2, 1));
        rig.log.force(1);
        rig.advance(INTERVAL);
        assertEquals(List.of(1, 2), tables.rows(TABLE.id()));
        assertTrue(rig.append(TABLE, 3, 1));
    }

    @Test
    void rowsThatFitNoVersionHaltTheirTable() {
        Rig rig = new Rig(tables);
        assertTrue(rig.append(TABLE, 1, 1));
        rig.log.force(1);
        rig.advance(INTERVAL);
        assertFalse(rig.append(TABLE, 2, 1));
        tables.foreignAlter(TABLE.id());
        rig.advance(LONG_ENOUGH);
        assertEquals(List.of(1), tables.rows(TABLE.id()));
        assertTrue(rig.append(TABLE, 3, 1));
    }

    @Test
    void leftoversGoOnlyAfterTheFirstDurableCommit() {
        tables.foreignTxn(TABLE.id(), 0);
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        assertEquals(null, rig.writer.removedFrom());
        rig.advance(INTERVAL);
        assertEquals(Long.valueOf(0), rig.writer.removedFrom());
    }

    @Test
    void aForeignTransactionUnderOurNameFencesEveryTable() {
        Rig rig = new Rig(tables);
        LoggedTable other = Rig.table("b");
        rig.appendForced(TABLE, 1);
        rig.stream(other);
        tables.foreignTxn(TABLE.id(), 1);
        rig.advance(INTERVAL);
        rig.advance(LONG_ENOUGH);
        assertTrue(rig.streams.fencedBy().contains("another process"), rig.streams.fencedBy());
        assertFalse(rig.append(TABLE, 3));
        assertFalse(rig.append(other, 4));
        assertEquals(List.of(), tables.rows(TABLE.id()));
    }

    @Test
    void aTransactionBeyondTheLogsEndFencesAtFirstUse() {
        tables.foreignTxn(TABLE.id(), 5);
        Rig rig = new Rig(tables);
        assertFalse(rig.append(TABLE, 1));
        assertTrue(rig.streams.fencedBy().contains("lost its end"), rig.streams.fencedBy());
    }

    /** The log has grown past it since, but what this process accepted is not what somebody else committed. */
    @Test
    void aTransactionAboveWhatTheLogHeldAtTheStartFencesAtFirstUse() {
        boolean[] down = {true};
        Rig rig = new Rig(new MemoryLog(), tables.writer(step -> down[0]), SETTINGS);
        rig.appendForced(TABLE, 1);
        rig.appendForced(TABLE, 2);
        tables.foreignTxn(TABLE.id(), 1);
        down[0] = false;
        rig.advance(LONG_ENOUGH);
        assertTrue(rig.streams.fencedBy().contains("lost its end"), rig.streams.fencedBy());
        assertEquals(List.of(), tables.rows(TABLE.id()));
        assertEquals(0, rig.log.firstPosition());
    }

    /** It may have been forgotten, or the table made anew of the files that are there: they may all be in it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void withoutATransactionFilesOfEarlierProcessesStay(int alterations) {
        Rig before = new Rig(tables);
        before.appendForced(TABLE, 2);
        before.advance(INTERVAL);
        tables.forgetTxn(TABLE.id());
        Rig rig = new Rig(before.log.crash(), tables.writer(step -> false), SETTINGS);
        rig.appendForced(TABLE, 3);
        for (int i = 0; i < alterations; i++) {
            tables.foreignAlter(TABLE.id());
        }
        rig.advance(INTERVAL);
        rig.advance(LONG_ENOUGH);
        assertEquals(List.of(2, 3), tables.rows(TABLE.id()));
        assertTrue(tables.isWhole(TABLE.id()));
    }

    @Test
    void twoProcessesFromOneCopiedLogNeverLandTheSameRowTwice() {
        Rig before = new Rig(tables);
        before.appendForced(TABLE, 1);
        Rig first = new Rig(before.log.crash(), tables.writer(step -> false), SETTINGS);
        Rig second = new Rig(before.log.crash(), tables.writer(step -> false), SETTINGS);
        second.run();
        first.run();
        first.advance(LONG_ENOUGH);
        assertEquals(List.of(1), tables.rows(TABLE.id()));
        // What the copy held is in once, and both know. From here on they differ: the second to commit must stop, even
        // where both try the same range.
        first.appendForced(TABLE, 2);
        second.appendForced(TABLE, 3);
        first.advance(INTERVAL);
        second.advance(INTERVAL);
        second.advance(LONG_ENOUGH);
        assertEquals(List.of(1, 2), tables.rows(TABLE.id()));
        assertFalse(second.append(TABLE, 5));
        assertFalse(second.streams.fencedBy().isEmpty());
        assertTrue(first.append(TABLE, 6));
    }

    @Test
    void aTableThatIsGoneHaltsAndResumes() {
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        tables.foreignCommit(TABLE.id());
        tables.gone(TABLE.id(), true);
        rig.advance(INTERVAL);
        rig.advance(LONG_ENOUGH);
        assertFalse(rig.append(TABLE, 2));
        assertEquals(TableStatus.State.HALTED, rig.streams.tables().get(0).state());
        tables.gone(TABLE.id(), false);
        rig.advance(LONG_ENOUGH);
        assertEquals(List.of(1), tables.rows(TABLE.id()));
        rig.appendForced(TABLE, 3);
        rig.advance(INTERVAL);
        assertEquals(List.of(1, 3), tables.rows(TABLE.id()));
    }

    @Test
    void aTableInTroubleAcceptsUpToItsBudgetAndCatchesUp() {
        boolean[] down = {false};
        Rig rig = new Rig(new MemoryLog(), tables.writer(step -> down[0]), SETTINGS);
        rig.stream(TABLE);
        down[0] = true;
        int accepted = 0;
        while (rig.append(TABLE, accepted)) {
            accepted++;
            rig.log.force(1);
            rig.advance(Duration.ofMillis(10));
        }
        assertEquals(100_000 / ENTRY_BYTES, accepted);
        assertEquals(0, rig.log.firstPosition());
        down[0] = false;
        for (int i = 0; i < 20; i++) {
            rig.advance(LONG_ENOUGH);
        }
        assertEquals(accepted, tables.rows(TABLE.id()).size());
        assertEquals(accepted, rig.log.firstPosition());
        assertTrue(rig.append(TABLE, -1));
    }

    @Test
    void theLogIsTrimmedOnlyBelowWhatEveryTableHas() {
        boolean[] down = {false};
        Rig rig = new Rig(new MemoryLog(), tables.writer(step -> down[0]), SETTINGS);
        LoggedTable other = Rig.table("b");
        rig.appendForced(TABLE, 1);
        rig.advance(INTERVAL);
        assertEquals(1, rig.log.firstPosition());
        rig.stream(other);
        down[0] = true;
        rig.appendForced(other, 2);
        rig.advance(INTERVAL);
        down[0] = false;
        rig.appendForced(TABLE, 3);
        assertEquals(1, rig.log.firstPosition());
        rig.advance(LONG_ENOUGH);
        assertEquals(3, rig.log.firstPosition());
    }

    @Test
    void aTableHasItsOwnIntervalTargetAndBudget() {
        StreamSettings settings = new StreamSettings(
                new TableSettings(Duration.ofHours(1), 1 << 20, 1 << 20),
                Map.of(TABLE.name().toString(), new TableSettings(INTERVAL, 1 << 20, 150)),
                1 << 30,
                INTERVAL,
                INTERVAL);
        Rig rig = new Rig(new MemoryLog(), tables.writer(step -> false), settings);
        int accepted = 0;
        while (accepted < 20 && rig.append(TABLE, accepted + 1)) {
            accepted++;
        }
        assertEquals(4, accepted);
        rig.log.force(Integer.MAX_VALUE);
        rig.advance(INTERVAL);
        assertEquals(List.of(1, 2, 3, 4), tables.rows(TABLE.id()));
        LoggedTable other = Rig.table("other");
        for (int row = 1; row < 20; row++) {
            rig.appendForced(other, row);
        }
        rig.advance(INTERVAL);
        assertEquals(List.of(), tables.rows(other.id()));
    }

    @Test
    void underPressureTheTableThatPinsTheLogCommitsEarly() {
        StreamSettings patient = new StreamSettings(
                new TableSettings(Duration.ofHours(1), 10_000, 100_000),
                Map.of(),
                100,
                INTERVAL,
                INTERVAL.multipliedBy(9));
        Rig rig = new Rig(new MemoryLog(), tables.writer(step -> false), patient);
        rig.appendForced(TABLE, 1);
        rig.advance(INTERVAL);
        assertEquals(List.of(), tables.rows(TABLE.id()));
        rig.appendForced(TABLE, 2);
        rig.appendForced(TABLE, 3);
        rig.advance(INTERVAL);
        assertEquals(List.of(1, 2, 3), tables.rows(TABLE.id()));
    }

    @Test
    void aCopyOfATablesFilesIsRefused() {
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        LoggedTable copy = new LoggedTable(TABLE.id(), Rig.table("copy").name(), "elsewhere");
        assertTrue(rig.streams.open(copy).isCompletedExceptionally());
    }

    @Test
    void aFullLogRefusesAndGivesTheBytesBack() {
        Rig rig = new Rig(tables);
        rig.log.full(true);
        assertFalse(rig.append(TABLE, 1));
        rig.log.full(false);
        for (int row = 0; row < 100_000 / ENTRY_BYTES; row++) {
            assertTrue(rig.append(TABLE, row));
        }
        assertFalse(rig.append(TABLE, -1));
    }
}
