package io.headgate.batching;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class LineageTest {
    private final Lineage lineage = new Lineage(List.of(new LogRun("a", 10), new LogRun("b", 20), new LogRun("c", 30)));

    @Test
    void aRunCommitsAtTheMostWhatItsSuccessorFound() {
        assertFalse(lineage.isForeign("a", 20));
        assertFalse(lineage.isForeign("b", 30));
        assertFalse(lineage.isForeign("c", 1_000));
    }

    @Test
    void aRunThatWentOnAfterTheLogWasCopiedIsForeign() {
        assertTrue(lineage.isForeign("a", 21));
        assertTrue(lineage.isForeign("b", 31));
    }

    @Test
    void anUnknownRunIsForeignUnlessItIsOlderThanAllThatAreKnown() {
        assertTrue(lineage.isForeign("x", 11));
        assertFalse(lineage.isForeign("x", 10));
    }

    @Test
    void onlyTheLastRunIsCurrent() {
        assertTrue(lineage.isCurrent("c"));
        assertFalse(lineage.isCurrent("b"));
    }
}
