package io.headgate.batching;

import static io.headgate.batching.Rig.INTERVAL;
import static io.headgate.batching.Rig.SETTINGS;
import static io.headgate.batching.Rig.TABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.SimulatedTables.Step;
import io.headgate.model.TableId;
import java.time.Duration;
import java.util.ArrayList;
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
    void whatIsTooMuchForOneCommitGoesIntoSeveral() {
        tables.entriesMax(3);
        Rig rig = new Rig(tables);
        for (int row = 0; row < 8; row++) {
            rig.appendForced(TABLE, row);
            rig.appendForced(Rig.table("b"), 100 + row);
        }
        rig.advance(INTERVAL);
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), tables.rows(TABLE.id()));
        assertEquals(
                List.of("[0, 6)", "[6, 12)", "[12, 15)"),
                rig.writer.written().stream()
                        .filter(file -> file.rows().get(0) < 100)
                        .map(file -> file.range().toString())
                        .toList());
        rig.settle();
        assertEquals(16, rig.log.firstPosition(), "nothing is left to be committed");
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
                tables,
                at -> at == step && failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0,
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

    /** Else the next commit would take its transaction version past a row that is nowhere. */
    @Test
    void nothingIsCommittedIfTheLogDoesNotGiveAllRowsThatItTook() {
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        rig.appendForced(TABLE, 2);
        rig.appendForced(TABLE, 3);
        rig.log.hide(1);
        rig.advance(LONG_ENOUGH);
        assertEquals(List.of(), tables.rows(TABLE.id()));
        rig.log.hide(-1);
        rig.advance(LONG_ENOUGH);
        assertEquals(List.of(1, 2, 3), tables.rows(TABLE.id()));
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
    void leftoversGoOnlyOnceTheFirstCommitWasSeenAgain() {
        tables.foreignTxn(TABLE.id(), 0);
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        rig.advance(INTERVAL);
        assertEquals(List.of(1), tables.rows(TABLE.id()));
        assertEquals(null, rig.writer.removedFrom(), "in its place, another process' commit may still land");
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

    /** Of two copies the one that was fenced commits nothing more, or it would fence the one that shall live. */
    @Test
    void whoIsFencedAtOneTableCommitsToNoOther() {
        Rig rig = new Rig(tables);
        LoggedTable other = Rig.table("b");
        rig.appendForced(TABLE, 1);
        tables.foreignTxn(TABLE.id(), 1);
        rig.advance(INTERVAL);
        rig.appendForced(other, 2); // due after the first table's next attempt
        rig.advance(LONG_ENOUGH);
        assertFalse(rig.streams.fencedBy().isEmpty());
        rig.settle();
        assertEquals(List.of(), tables.rows(other.id()));
        assertEquals(0, rig.log.firstPosition());
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
        Rig rig = new Rig(new MemoryLog(), tables, step -> down[0], SETTINGS);
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
        before.settle();
        tables.forgetTxn(TABLE.id());
        Rig rig = new Rig(before.log.crash(), tables, step -> false, SETTINGS);
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
    void ofTwoProcessesFromOneCopiedLogTheFirstToSeeTheOtherStops() {
        Rig before = new Rig(tables);
        before.appendForced(TABLE, 1);
        Rig first = new Rig(before.log.crash(), tables);
        Rig second = new Rig(before.log.crash(), tables);
        second.run();
        first.run();
        assertEquals(List.of(1), tables.rows(TABLE.id()));
        assertTrue(first.streams.fencedBy().contains("a copy of it"), first.streams.fencedBy());
        assertFalse(first.append(TABLE, 2));
        assertTrue(second.append(TABLE, 3));
    }

    /** Here both look at the table before either commits to it: then they try the same range. */
    @Test
    void twoProcessesFromOneCopiedLogThatTryTheSameRangeNeverLandItTwice() {
        tables.foreignTxn(TABLE.id(), 0);
        Rig before = new Rig(tables);
        before.stream(TABLE);
        Rig first = new Rig(before.log.crash(), tables);
        Rig second = new Rig(before.log.crash(), tables);
        first.appendForced(TABLE, 2);
        second.appendForced(TABLE, 3);
        first.advance(INTERVAL);
        second.advance(INTERVAL);
        second.advance(LONG_ENOUGH);
        assertEquals(List.of(2), tables.rows(TABLE.id()));
        assertFalse(second.append(TABLE, 5));
        assertFalse(second.streams.fencedBy().isEmpty());
        assertTrue(first.append(TABLE, 6));
    }

    /** Both went on alone before: by positions alone, the other's commit would pass for one of an earlier process. */
    @Test
    void copiesThatDivergedAreToldApartAfterRestarts() {
        Rig before = new Rig(tables);
        before.appendForced(TABLE, 1);
        before.settle();
        boolean[] down = {true};
        Rig first = new Rig(before.log.crash(), tables);
        Rig second = new Rig(before.log.copy(), tables, step -> down[0], SETTINGS);
        for (int row = 10; row < 14; row++) {
            second.appendForced(TABLE, row);
        }
        first.appendForced(TABLE, 2);
        first.settle();
        down[0] = false;
        Rig again = new Rig(second.log.crash(), tables);
        again.settle();
        assertTrue(again.streams.fencedBy().contains("by run run-2"), again.streams.fencedBy());
        assertEquals(List.of(1, 2), tables.rows(TABLE.id()));
        assertEquals(1, again.log.firstPosition());
        Rig firstAgain = new Rig(first.log.crash(), tables);
        firstAgain.appendForced(TABLE, 3);
        firstAgain.settle();
        assertEquals(List.of(1, 2, 3), tables.rows(TABLE.id()));
    }

    @Test
    void aRivalsCommitInThePlaceOfAReplacedOneIsNotOurs() {
        MemoryLog log = new MemoryLog();
        Rig rival = new Rig(log.copy(), tables, step -> false, SETTINGS);
        Rig rig = new Rig(log, tables, step -> false, SETTINGS);
        rig.appendForced(TABLE, 1);
        rig.advance(INTERVAL);
        tables.foreignReplace(TABLE.id());
        rival.appendForced(TABLE, 2); // at the same position
        rival.advance(INTERVAL);
        rig.advance(LONG_ENOUGH);
        assertEquals(List.of(2), tables.rows(TABLE.id()));
        assertFalse(rig.streams.fencedBy().isEmpty(), "our row is not in the table, so the log must keep it");
        assertEquals(0, log.firstPosition());
    }

    @Test
    void aReplacedCommitIsMadeAgainWithItsFileAndCountedOnce() {
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        rig.settle();
        rig.appendForced(TABLE, 2);
        rig.advance(INTERVAL);
        assertEquals(List.of(1, 2), tables.rows(TABLE.id()));
        assertEquals(List.of(2), tables.foreignReplace(TABLE.id()));
        rig.settle();
        rig.settle();
        assertEquals(List.of(1, 2), tables.rows(TABLE.id()));
        assertEquals(2, rig.writer.written().size());
        assertEquals(new Progress(2, 2), rig.log.noted(TABLE));
        assertEquals(2, rig.committedRows);
        assertEquals(2, rig.log.firstPosition());
        assertEquals("", rig.streams.fencedBy());
    }

    /** The first commit is missed when the second is tried on top of it: both come in, in their order. */
    @Test
    void aReplacedCommitIsMadeAgainBeforeTheNext() {
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        rig.advance(INTERVAL);
        rig.appendForced(TABLE, 2);
        tables.foreignReplace(TABLE.id());
        rig.advance(INTERVAL);
        rig.settle();
        rig.settle();
        assertEquals(List.of(1, 2), tables.rows(TABLE.id()));
        assertEquals(new Progress(2, 2), rig.log.noted(TABLE));
        assertEquals(2, rig.log.firstPosition());
    }

    @Test
    void theLogKeepsWhatIsNotConfirmedYet() {
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        rig.advance(INTERVAL);
        assertEquals(List.of(1), tables.rows(TABLE.id()));
        assertEquals(0, rig.streams.tables().get(0).pendingBytes());
        rig.advance(Duration.ofSeconds(1));
        assertEquals(0, rig.log.firstPosition());
        assertEquals(null, rig.log.noted(TABLE));
        Rig next = new Rig(rig.log.crash(), tables);
        assertEquals(List.of(1), tables.rows(TABLE.id()));
        next.settle();
        assertEquals(1, next.log.firstPosition());
        assertEquals(new Progress(1, 1), next.log.noted(TABLE));
    }

    /** The table has more than the note says, and less than a run of positions in the log: the rest is counted one by one. */
    @Test
    void rowsAreCountedExactlyAcrossRestarts() {
        Rig rig = new Rig(tables);
        for (int row = 0; row < 5; row++) {
            rig.appendForced(TABLE, row);
            rig.settle();
        }
        rig.appendForced(TABLE, 5);
        rig.advance(INTERVAL);
        rig.appendForced(TABLE, 6);
        Rig next = new Rig(rig.log.crash(), tables);
        next.settle();
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6), tables.rows(TABLE.id()));
        assertEquals(new Progress(7, 7), next.log.noted(TABLE));
    }

    @Test
    void aTableThatForgotIsGoneOnWithFromTheNote() {
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        rig.settle();
        tables.forgetTxn(TABLE.id());
        rig.appendForced(TABLE, 2);
        rig.settle();
        rig.settle();
        assertEquals(List.of(1, 2), tables.rows(TABLE.id()));
        rig.log.close();
        tables.forgetTxn(TABLE.id());
        Rig next = new Rig(rig.log.crash(), tables);
        next.appendForced(TABLE, 3);
        next.settle();
        assertEquals(List.of(1, 2, 3), tables.rows(TABLE.id()));
        assertEquals(OptionalLong.of(3), tables.txn(TABLE.id()));
        assertEquals("", next.streams.fencedBy());
    }

    @Test
    void aTableThatHasAllItsRowsIsNotLookedAtAtTheStart() {
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        rig.settle();
        LoggedTable other = Rig.table("b");
        rig.appendForced(other, 2);
        rig.log.close();
        Rig next = new Rig(rig.log.crash(), tables);
        assertEquals(
                List.of(other.name()),
                next.streams.tables().stream().map(TableStatus::table).toList());
    }

    @Test
    void abandonedRowsAreNotCommittedAndDoNotPinTheLog() {
        boolean[] down = {true};
        Rig rig = new Rig(new MemoryLog(), tables, step -> down[0], SETTINGS);
        rig.appendForced(TABLE, 1);
        MemoryLog log = rig.log.crash();
        log.abandon(TABLE);
        down[0] = false;
        Rig next = new Rig(log.crash(), tables);
        next.settle();
        assertEquals(List.of(), next.streams.tables());
        assertEquals(1, next.log.firstPosition());
        next.appendForced(TABLE, 2);
        next.settle();
        assertEquals(List.of(2), tables.rows(TABLE.id()));
        assertEquals(new Progress(2, 2), next.log.noted(TABLE));
    }

    @Test
    void rejectedRowsAreCountedAsCommittedByTheLogAndToldApartByTheMetrics() {
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        rig.appendForced(TABLE, 2);
        tables.misfits(row -> row == 2);
        rig.settle();
        assertEquals(List.of(1), tables.rows(TABLE.id()));
        assertEquals(List.of(2), tables.rejected(TABLE.id()));
        assertEquals(1, rig.committedRows);
        assertEquals(1, rig.rejectedRows);
        assertEquals(new Progress(2, 2), rig.log.noted(TABLE));
    }

    /** The pause is eight intervals here; new rows used to end it after one. */
    @Test
    void newRowsDoNotCutThePauseOfATableInTrouble() {
        StreamSettings slow = new StreamSettings(
                new TableSettings(INTERVAL, 40, 100_000),
                Map.of(),
                1 << 20,
                1 << 20,
                Duration.ZERO,
                INTERVAL.multipliedBy(16),
                INTERVAL.multipliedBy(16));
        AtomicInteger failures = new AtomicInteger();
        Rig rig = new Rig(new MemoryLog(), tables, step -> failures.incrementAndGet() > 0, slow);
        rig.appendForced(TABLE, 1);
        rig.run();
        int before = failures.get();
        for (int row = 2; row < 9; row++) {
            rig.appendForced(TABLE, row);
            rig.advance(INTERVAL);
        }
        assertEquals(before, failures.get());
        rig.advance(INTERVAL.multipliedBy(16));
        assertTrue(failures.get() > before);
    }

    @Test
    void aTableCreatedAnewTakesRowsAtOnceWhileThoseOfTheOldOneAreKept() {
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        LoggedTable anew = new LoggedTable(new TableId("id-anew"), TABLE.name(), TABLE.location());
        tables.foreignRecreate(anew);
        rig.appendForced(anew, 2);
        rig.settle();
        assertEquals(List.of(), tables.rows(TABLE.id()));
        assertEquals(List.of(2), tables.rows(anew.id()));
        assertEquals(
                List.of(TableStatus.State.HALTED),
                rig.streams.tables().stream()
                        .filter(table -> table.pendingRows() == 1)
                        .map(TableStatus::state)
                        .toList());
        assertFalse(rig.append(TABLE, 3));
        assertEquals(0, rig.log.firstPosition());
        tables.foreignRecreate(TABLE);
        rig.settle();
        rig.advance(LONG_ENOUGH);
        assertEquals(List.of(1), tables.rows(TABLE.id()));
    }

    @Test
    void aDroppedTableThatHasAllItsRowsIsForgottenAndFoundAgain() {
        Rig rig = new Rig(tables);
        rig.appendForced(TABLE, 1);
        rig.settle();
        TableStream old = rig.stream(TABLE);
        LoggedTable anew = new LoggedTable(new TableId("id-anew"), TABLE.name(), TABLE.location());
        tables.foreignRecreate(anew);
        rig.stream(anew);
        assertEquals(2, rig.streams.tables().size());
        for (int i = 0; i < 25; i++) {
            rig.advance(LONG_ENOUGH);
        }
        assertEquals(1, rig.streams.tables().size());
        assertTrue(old.isRetired());
        tables.foreignRecreate(TABLE);
        assertTrue(rig.append(TABLE, 2));
        rig.log.force(1);
        rig.settle();
        assertEquals(List.of(1, 2), tables.rows(TABLE.id()));
        assertEquals(new Progress(2, 2), rig.log.noted(TABLE));
    }

    /** One table's storage is away for hours while another is full of work: only the first answers 503, and catches up. */
    @Test
    void aSickTableIsParkedAndHurtsNobody() {
        StreamSettings tight = new StreamSettings(
                new TableSettings(INTERVAL, 10_000, 100_000),
                Map.of(),
                50 * ENTRY_BYTES,
                200 * ENTRY_BYTES,
                Duration.ZERO,
                Duration.ofMillis(100),
                Duration.ofSeconds(30));
        LoggedTable sick = Rig.table("sick");
        Rig rig = new Rig(new MemoryLog(), tables, step -> false, tight);
        rig.stream(sick);
        rig.log.parkedBytesMax(200 * ENTRY_BYTES);
        tables.away(sick.id(), true);
        List<Integer> sent = new ArrayList<>();
        List<Integer> accepted = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            if (rig.append(sick, -i)) {
                accepted.add(-i);
            }
            rig.appendForced(TABLE, i);
            sent.add(i);
            rig.advance(Duration.ofMillis(100));
            assertTrue(rig.log.sizeBytes() < 300 * ENTRY_BYTES, "the log holds " + rig.log.sizeBytes() + " at " + i);
        }
        assertEquals(200, accepted.size());
        assertTrue(tables.rows(TABLE.id()).size() > 1_950);
        assertEquals(200 * ENTRY_BYTES, rig.log.parkedBytes());
        TableStatus status = rig.streams.tables().stream()
                .filter(table -> table.table().equals(sick.name()))
                .findFirst()
                .orElseThrow();
        assertEquals(TableStatus.State.RETRYING, status.state());
        assertEquals(200 * ENTRY_BYTES, status.pendingBytes());
        assertEquals(status.pendingBytes(), status.parkedBytes());

        Rig next = new Rig(rig.log.crash(), tables, step -> false, tight);
        next.settle();
        tables.away(sick.id(), false);
        next.advance(LONG_ENOUGH);
        next.settle();
        assertEquals(accepted, tables.rows(sick.id()));
        assertEquals(sent, tables.rows(TABLE.id()));
        assertEquals(0, next.log.parkedBytes());
        assertEquals(next.log.forcedPosition(), next.log.firstPosition());
        assertTrue(next.append(sick, 1));
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
        Rig rig = new Rig(new MemoryLog(), tables, step -> down[0], SETTINGS);
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
        Rig rig = new Rig(new MemoryLog(), tables, step -> down[0], SETTINGS);
        LoggedTable other = Rig.table("b");
        rig.appendForced(TABLE, 1);
        rig.settle();
        assertEquals(1, rig.log.firstPosition());
        rig.stream(other);
        down[0] = true;
        rig.appendForced(other, 2);
        rig.advance(INTERVAL);
        down[0] = false;
        rig.appendForced(TABLE, 3);
        assertEquals(1, rig.log.firstPosition());
        rig.settle();
        assertEquals(3, rig.log.firstPosition());
    }

    @Test
    void aTableHasItsOwnIntervalTargetAndBudget() {
        StreamSettings settings = new StreamSettings(
                new TableSettings(Duration.ofHours(1), 1 << 20, 1 << 20),
                Map.of(TABLE.name().toString(), new TableSettings(INTERVAL, 1 << 20, 150)),
                1 << 30,
                1 << 30,
                Duration.ZERO,
                INTERVAL,
                INTERVAL);
        Rig rig = new Rig(new MemoryLog(), tables, step -> false, settings);
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
                1 << 30,
                Duration.ZERO,
                INTERVAL,
                INTERVAL.multipliedBy(9));
        Rig rig = new Rig(new MemoryLog(), tables, step -> false, patient);
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
