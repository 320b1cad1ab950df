package io.headgate.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    @Test
    void admitsUpToTheBoundAndNotAByteMore() {
        ByteBudget budget = new ByteBudget(10);
        assertTrue(budget.tryReserve(10));
        assertFalse(budget.tryReserve(1));
        budget.release(1);
        assertTrue(budget.tryReserve(1));
        assertEquals(10, budget.usedBytes());
    }

    @Test
    void whatIsHeldAnywayCountsAndKeepsOthersOut() {
        ByteBudget budget = new ByteBudget(10);
        budget.reserveRegardless(25);
        assertFalse(budget.tryReserve(1));
        budget.release(25);
        assertTrue(budget.tryReserve(10));
    }

    @Test
    void hugeRequestsDoNotWrapAround() {
        ByteBudget budget = new ByteBudget(10);
        assertTrue(budget.tryReserve(5));
        assertFalse(budget.tryReserve(Long.MAX_VALUE));
        assertEquals(5, budget.usedBytes());
    }

    @Test
    void isFullWhileLessIsLeftThanWasNotEnoughForASmallOne() {
        ByteBudget budget = new ByteBudget(6_400);
        assertTrue(budget.tryReserve(6_350));
        assertFalse(budget.isFull());
        assertFalse(budget.tryReserve(100));
        assertTrue(budget.isFull());
        budget.release(1);
        assertFalse(budget.isFull());
        assertTrue(budget.tryReserve(10));
        assertTrue(budget.isFull());
        budget.limit(10_000);
        assertFalse(budget.isFull());
    }

    @Test
    void isNotFullOnlySinceALargeOneDidNotFit() {
        ByteBudget budget = new ByteBudget(6_400);
        assertTrue(budget.tryReserve(6_300));
        assertFalse(budget.tryReserve(101));
        assertFalse(budget.isFull());
    }

    @Test
    void releasingTwiceIsAFault() {
        ByteBudget budget = new ByteBudget(10);
        assertTrue(budget.tryReserve(5));
        budget.release(5);
        assertThrows(IllegalStateException.class, () -> budget.release(5));
    }

    @Test
    void anEmptyBudgetIsAFault() {
        assertThrows(IllegalArgumentException.class, () -> new ByteBudget(0));
    }
}
