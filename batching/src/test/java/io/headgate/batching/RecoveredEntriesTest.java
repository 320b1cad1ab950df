package io.headgate.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.RecoveredEntries.Recovered;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveredEntriesTest {
    private final RecoveredEntries entries = new RecoveredEntries();

    private void entry(long position, int rows) {
        entries.accept(new LogEntry(
                position, new LoggedSchema(Rig.TABLE, "0"), rows, 0, List.of(), 10, ByteBuffer.allocate(0)));
    }

    private Recovered only() {
        return entries.tables().iterator().next();
    }

    @Test
    void aNoteThatComesBeforeEntriesCoversThoseBelow() {
        entries.committed(Rig.TABLE, 5, 50);
        entry(3, 7);
        entry(4, 7);
        assertTrue(only().extents().isEmpty());
        entry(5, 7);
        assertEquals(5, only().extents().firstPosition(0));
        assertEquals(7, only().extents().rows());
    }

    @Test
    void aNoteThatComesAfterEntriesCoversThoseBelowAndAnOlderOneNothing() {
        entry(3, 7);
        entry(4, 7);
        entries.committed(Rig.TABLE, 5, 50);
        entries.committed(Rig.TABLE, 4, 43);
        assertTrue(only().extents().isEmpty());
        assertEquals(new Progress(5, 50), only().noted());
        assertEquals(5, only().needlessBelow());
    }

    /** How many of the run's rows lie below is not known here: the committer reads it. */
    @Test
    void aRunThatLiesAcrossANoteStaysWhole() {
        entry(3, 7);
        entry(4, 8);
        entries.committed(Rig.TABLE, 4, 43);
        assertEquals(3, only().extents().firstPosition(0));
        assertEquals(15, only().extents().rows());
    }

    @Test
    void abandonedRowsAreNotPendingButWereInTheLog() {
        entries.committed(Rig.TABLE, 3, 30);
        entry(3, 7);
        entry(4, 8);
        entries.abandoned(Rig.TABLE, 5, "a file");
        assertTrue(only().extents().isEmpty());
        assertEquals(5, only().needlessBelow());
        assertEquals(15, only().goneRows());
        assertEquals(new Progress(3, 30), only().noted());
    }
}
