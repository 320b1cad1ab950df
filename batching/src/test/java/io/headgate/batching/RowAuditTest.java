package io.headgate.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What counts as missing, and what is only on its way. */
class RowAuditTest {
    private static final long WITHIN = RowAudit.ANSWERED_WITHIN_NANOS;

    private final ByteBudget budget = new ByteBudget(1_000);
    private final PendingRows pending = new PendingRows(budget, () -> 0, new Extents());
    private final RowAudit audit = new RowAudit(Rig.TABLE, pending, 0);
    private long nowNanos;

    private long mismatch() {
        return audit.look(nowNanos).mismatchRows();
    }

    private void forced(long position, int rows) {
        budget.reserveRegardless(10);
        pending.add(position, 10, rows, nowNanos);
    }

    @Test
    void anAnswerOnItsWayIsNotMissingAtFirst() {
        forced(0, 3);
        assertEquals(0, mismatch());
        nowNanos += WITHIN; // from here on the rows were seen
        assertEquals(0, mismatch());
        nowNanos += WITHIN - 1;
        assertEquals(0, mismatch());
        nowNanos += 1;
        assertEquals(3, mismatch());
        audit.answered(3);
        assertEquals(0, mismatch());
    }

    @Test
    void anAnswerForRowsThatWereNeverForcedCountsAtOnce() {
        forced(0, 3);
        audit.answered(5);
        assertEquals(2, mismatch());
    }

    @Test
    void rowsThatTheTableDidNotTakeCountAtOnce() {
        forced(0, 3);
        audit.answered(3);
        pending.take(1_000);
        pending.settle(1, 1);
        assertEquals(1, mismatch());
    }

    @Test
    void rowsThatTheTableTookTwiceCountToo() {
        forced(0, 3);
        audit.answered(3);
        pending.take(1_000);
        pending.settle(6, 0);
        assertEquals(3, mismatch());
    }

    @Test
    void recoveredRowsWereAnsweredByAnEarlierProcess() {
        Extents found = new Extents();
        found.add(0, 10, 3);
        found.add(5, 10, 4);
        PendingRows recovered = new PendingRows(new ByteBudget(1_000), () -> 0, found);
        RowAudit of = new RowAudit(Rig.TABLE, recovered, 0);
        recovered.take(1_000);
        recovered.settle(6, 1);
        assertEquals(new TableAudit(Rig.TABLE.name(), 0, 7, 6, 1, 0, 0), of.look(WITHIN * 3));
    }

    @Test
    void aCommitThatWasReplacedAndMadeAgainCountsOnce() {
        forced(0, 3);
        audit.answered(3);
        Extents.Batch batch = Objects.requireNonNull(pending.take(1_000));
        pending.settle(2, 1);
        pending.takeAgain(batch, 2, 1);
        assertEquals(new TableAudit(Rig.TABLE.name(), 3, 0, 0, 0, 3, 0), audit.look(nowNanos));
        pending.settle(2, 1);
        assertEquals(new TableAudit(Rig.TABLE.name(), 3, 0, 2, 1, 0, 0), audit.look(nowNanos));
    }
}
