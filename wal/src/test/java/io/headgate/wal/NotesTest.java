package io.headgate.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.RecoveryConsumer;
import io.headgate.model.Seed;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is noted of tables: when it is written, and that it comes back. */
class NotesTest {
    private static final int SEGMENT_BYTES = 64 * 1024;
    private static final LogSettings SETTINGS =
            new LogSettings(SEGMENT_BYTES, 20L * SEGMENT_BYTES, SEGMENT_BYTES / 4, 4096, 1, 0);
    private static final LoggedTable TABLE = table(0);

    private Random random = new Random();
    private SimulatedDisk disk = new SimulatedDisk(random, 100L * SEGMENT_BYTES);
    private long nanos;

    /** Notes in the order of their delivery. */
    private static final class Delivered implements RecoveryConsumer {
        private final List<Note> notes = new ArrayList<>();
        private int entries;

        @Override
        public void accept(LogEntry entry) {
            entries++;
        }

        @Override
        public void committed(LoggedTable table, long position, long rows) {
            notes.add(Note.committed(table, position, rows));
        }

        @Override
        public void abandoned(LoggedTable table, long position, String where) {
            notes.add(Note.abandoned(table, position, where));
        }
    }

    private Delivered delivered = new Delivered();

    @BeforeEach
    void begin() {
        random = Seed.forTest("NotesTest").random();
        disk = new SimulatedDisk(random, 100L * SEGMENT_BYTES);
    }

    private static LoggedTable table(int number) {
        return new LoggedTable(
                new TableId("id-" + number), new TableName("main", "fleet", "t" + number), "tables/" + number);
    }

    private LocalLog open() throws IOException {
        delivered = new Delivered();
        return LocalLog.openStepwise(
                disk,
                SETTINGS,
                LogMetrics.none(),
                random,
                InstantSource.system(),
                () -> nanos,
                delivered,
                NotesTest::unexpected);
    }

    private LocalLog start() throws IOException {
        LocalLog log = open();
        log.start(group -> {});
        settle(log);
        return log;
    }

    private static void unexpected(Throwable cause) {
        throw new AssertionError("The log failed", cause);
    }

    private static void settle(LocalLog log) {
        boolean worked = true;
        while (worked) {
            boolean wrote = log.stepWriter();
            worked = log.stepPreallocator() || wrote;
        }
    }

    private void append(LocalLog log, int payloadBytes) {
        log.offer(TestAppend.random(random, TestAppend.schema(0, 0), payloadBytes));
        settle(log);
    }

    private void crash() {
        disk.powerLoss();
    }

    @Test
    void aNoteIsWrittenSixtySecondsAfterTheLast() throws IOException {
        LocalLog log = start();
        append(log, 10);
        log.committed(TABLE, 1, 7);
        nanos += 59_999_999_999L;
        assertFalse(log.stepWriter(), "not yet");
        nanos += 1;
        assertTrue(log.stepWriter(), "now");
        assertFalse(log.stepWriter(), "once");
        crash();
        open();
        assertEquals(List.of(Note.committed(TABLE, 1, 7)), delivered.notes);
    }

    @Test
    void aCrashLosesWhatWasNotWrittenAndACloseDoesNot() throws IOException {
        LocalLog log = start();
        append(log, 10);
        log.committed(TABLE, 1, 7);
        crash();
        log = start();
        assertEquals(List.of(), delivered.notes);
        log.committed(TABLE, 1, 7);
        log.close();
        crash();
        open();
        assertEquals(List.of(Note.committed(TABLE, 1, 7)), delivered.notes);
    }

    @Test
    void aSegmentGoesOnlyOnceWhatWasNotedIsDurableBehindIt() throws IOException {
        LocalLog log = start();
        while (log.state().segments() == 1) {
            append(log, 10_000);
        }
        long end = log.forcedPosition();
        log.committed(TABLE, end, 99);
        log.trim(end);
        assertFalse(log.stepPreallocator(), "the note comes first");
        crash();
        log = start();
        assertEquals(end, delivered.entries, "nothing was lost with it");
        log.committed(TABLE, end, 99);
        log.trim(end);
        settle(log);
        assertEquals(1, log.state().segments());
        crash();
        open();
        assertTrue(delivered.entries < end);
        assertEquals(List.of(Note.committed(TABLE, end, 99)), delivered.notes);
    }

    @Test
    void everySegmentBeginsWithAllNotesInAsManyGroupsAsTheyNeed() throws IOException {
        LocalLog log = start();
        append(log, 10);
        for (int i = 0; i < 25; i++) {
            log.committed(table(i), 1, i);
        }
        while (log.state().segments() == 1) {
            append(log, 10_000);
        }
        crash();
        disk.damage(LogFormat.segmentName(1));
        open();
        assertEquals(25, delivered.notes.size());
        assertEquals(Note.committed(table(24), 1, 24), delivered.notes.get(24));
        assertTrue(LogScan.run(disk, entry -> true).segments().get(0).groups() >= 2, "a group has a bound");
    }

    @Test
    void theLongestUnchangedIsForgottenWhereNotesWouldTakeMoreThanAQuarterOfASegment() throws IOException {
        LocalLog log = start();
        append(log, 10);
        log.committed(table(0), 1, 5);
        for (int i = 1; i < 1000; i++) {
            log.committed(table(i), 1, 5);
        }
        log.committed(table(999), 1, 5);
        log.close();
        open();
        assertEquals(SEGMENT_BYTES / 4 / 512, delivered.notes.size());
        assertEquals(table(999), delivered.notes.get(delivered.notes.size() - 1).table());
    }

    @Test
    void whatAnOperatorGaveUpIsDurableWhenThatReturns() throws IOException {
        LocalLog log = start();
        append(log, 10);
        log.committed(TABLE, 1, 7);
        log.close();
        log = open();
        log.abandon(TABLE, 1, "/exports/ü");
        crash();
        LocalLog again = open();
        Note last = delivered.notes.get(delivered.notes.size() - 1);
        assertEquals(Note.abandoned(TABLE, 1, "/exports/ü"), last);
        assertTrue(delivered.notes.contains(Note.committed(TABLE, 1, 7)));
        assertThrows(IllegalArgumentException.class, () -> again.abandon(TABLE, 2, "beyond the end"));
        assertThrows(IllegalArgumentException.class, () -> again.abandon(TABLE, 1, "x".repeat(1025)));
        again.start(group -> {});
        assertThrows(IllegalStateException.class, () -> again.abandon(TABLE, 1, "too late"));
    }

    @Test
    void aLaterNoteStandsAndAnEarlierChangesNothing() throws IOException {
        LocalLog log = start();
        append(log, 10);
        append(log, 10);
        log.committed(TABLE, 2, 20);
        log.committed(TABLE, 1, 10);
        log.close();
        LocalLog again = open();
        assertEquals(List.of(Note.committed(TABLE, 2, 20)), delivered.notes);
        assertThrows(IllegalArgumentException.class, () -> again.committed(TABLE, 3, 30), "beyond what is forced");
    }

    @Test
    void scansShowNotes() throws IOException {
        LocalLog log = start();
        append(log, 10);
        log.committed(TABLE, 1, 7);
        log.close();
        log = open();
        log.abandon(TABLE, 1, "there");
        List<Note> found = new ArrayList<>();
        LogReport report = LogScan.run(disk, entry -> {
            entry.note().ifPresent(found::add);
            return true;
        });
        assertTrue(found.contains(Note.committed(TABLE, 1, 7)));
        assertTrue(found.contains(Note.abandoned(TABLE, 1, "there")));
        assertEquals(1, report.entries().get(EntryKind.ABANDONED));
    }
}
