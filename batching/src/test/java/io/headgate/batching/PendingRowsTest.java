package io.headgate.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What of a table the log must keep. */
class PendingRowsTest {
    private static final int BYTES = 100;

    private final ByteBudget budget = new ByteBudget(10 * BYTES);
    private final PendingRows pending = new PendingRows(budget, () -> 0, new Extents());

    private void add(long position) {
        budget.reserveRegardless(BYTES);
        pending.add(position, BYTES, 1, 0);
    }

    @Test
    void whatIsCommittedIsKeptUntilItIsConfirmed() {
        add(3);
        pending.take(BYTES);
        pending.settle(0, 0);
        assertEquals(3, pending.firstPosition(0));
        pending.confirm();
        assertEquals(Long.MAX_VALUE, pending.firstPosition(0));
    }

    /** Or a table that becomes sick right after a commit would pin the log for ever. */
    @Test
    void whatIsParkedIsNotKeptThoughItIsNotConfirmed() {
        add(3);
        pending.take(BYTES);
        pending.settle(0, 0);
        add(5);
        assertEquals(3, pending.firstPosition(0));
        assertEquals(5, pending.firstPosition(4), "parked with the unconfirmed commit");
        assertEquals(Long.MAX_VALUE, pending.firstPosition(6), "all is parked");
    }
}
