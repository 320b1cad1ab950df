package io.headgate.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.batching.LogRun;
import io.headgate.delta.CommittedRange;
import io.headgate.delta.DataFileName;
import io.headgate.model.StreamRange;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnRowsTest {
    private static final String FIRST = "1111111111111111";
    private static final String SECOND = "2222222222222222";
    private static final String OTHER = "ffffffffffffffff";

    /** The first run gave out positions to 99, the second those from 100 on. */
    private static final List<LogRun> RUNS = List.of(new LogRun(FIRST, 0), new LogRun(SECOND, 100));

    private static CommittedRange commit(String run, long from, long to) {
        return new CommittedRange(
                "log", new StreamRange(from, to), Optional.of(new DataFileName.Origin(run, 0)), to - from, 0);
    }

    private static void assertOwn(long from, Optional<StreamRange> doubtful, long notedTo, CommittedRange... commits) {
        OwnRows rows = OwnRows.of(RUNS, List.of(commits), notedTo);
        assertEquals(from, rows.from());
        assertEquals(doubtful, rows.doubtful());
    }

    @Test
    void whatOwnRunsCommittedIsIn() {
        assertOwn(120, Optional.empty(), 0, commit(FIRST, 0, 90), commit(SECOND, 90, 120));
    }

    @Test
    void aCopyOfALogThatWasAllCommittedDiffersFromItsOwnRunOn() {
        assertOwn(100, Optional.empty(), 0, commit(FIRST, 0, 100), commit(OTHER, 100, 130));
    }

    @Test
    void whatTheFirstRunGaveOutElsewhereIsNotThisLogs() {
        // This is the copy; the original went on in the same process.
        assertOwn(100, Optional.empty(), 0, commit(FIRST, 0, 90), commit(FIRST, 90, 130));
    }

    @Test
    void rowsFromBeforeTheCopyMayBeInByTheOthersCommit() {
        assertOwn(90, Optional.of(new StreamRange(90, 100)), 0, commit(FIRST, 0, 90), commit(OTHER, 90, 130));
    }

    @Test
    void othersThatFollowOnTheLastRunMayHaveRowsOfIt() {
        assertOwn(110, Optional.of(new StreamRange(110, 130)), 0, commit(SECOND, 90, 110), commit(OTHER, 110, 130));
    }

    @Test
    void whatTheLogNotesItselfCountsToo() {
        assertOwn(100, Optional.empty(), 100, commit(OTHER, 100, 130));
    }

    @Test
    void commitsFromBeforeWhatIsRememberedAreOwn() {
        List<LogRun> late = List.of(new LogRun(SECOND, 100));
        OwnRows rows = OwnRows.of(late, List.of(commit(FIRST, 0, 95)), 0);
        assertEquals(95, rows.from());
        assertEquals(Optional.empty(), rows.doubtful());
    }
}
