package io.headgate.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RecentCommitsTest {
    private final RecentCommits commits = new RecentCommits();

    @Test
    void nothingIsInATableThatWasNotLookedAt() {
        assertEquals(Landing.NOT_YET, commits.of(0));
    }

    @Test
    void whatWasThereBeforeOnlyTheTableKnows() {
        commits.startAt(10);
        assertNull(commits.of(9));
        assertEquals(Landing.NOT_YET, commits.of(10));
    }

    @Test
    void eachPositionIsInTheFirstCommitThatEndsAboveIt() {
        commits.startAt(10);
        commits.add(12, 5, true);
        commits.add(20, 7, true);
        assertEquals(Landing.committed(5), commits.of(10));
        assertEquals(Landing.committed(5), commits.of(11));
        assertEquals(Landing.committed(7), commits.of(12));
        assertEquals(Landing.committed(7), commits.of(19));
        assertEquals(Landing.NOT_YET, commits.of(20));
    }

    @Test
    void commitsWithRejectedRowsOrOfUnknownVersionsAreLookedUp() {
        commits.startAt(0);
        commits.add(1, 1, false);
        commits.add(2, -1, true);
        commits.add(3, 3, true);
        assertNull(commits.of(0));
        assertNull(commits.of(1));
        assertEquals(Landing.committed(3), commits.of(2));
    }

    @Test
    void aCommitThatWasReplacedIsNotIn() {
        commits.startAt(0);
        commits.add(2, 1, true);
        commits.add(4, 2, true);
        commits.undo(2);
        assertEquals(Landing.committed(1), commits.of(1));
        assertEquals(Landing.NOT_YET, commits.of(2));
        commits.add(4, 3, true);
        assertEquals(Landing.committed(3), commits.of(2));
    }

    @Test
    void aThousandAreKept() {
        commits.startAt(0);
        for (int i = 1; i <= RecentCommits.KEPT_MAX; i++) {
            commits.add(i, i, true);
        }
        assertEquals(Landing.committed(1), commits.of(0));
        commits.add(RecentCommits.KEPT_MAX + 1, RecentCommits.KEPT_MAX + 1, true);
        assertNull(commits.of(0));
        assertEquals(Landing.committed(2), commits.of(1));
    }

    @Test
    void followersAreToldOfEachCommitUntilTheyHadEnough() {
        AtomicInteger told = new AtomicInteger();
        Runnable follower = told::incrementAndGet;
        commits.follow(follower);
        commits.startAt(0);
        commits.add(1, 1, true);
        commits.unfollow(follower);
        commits.add(2, 2, true);
        assertEquals(2, told.get());
    }
}
