package io.headgate.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.Append;
import io.headgate.batching.IdempotencyKey;
import io.headgate.batching.LogEntry;
import io.headgate.batching.LogRun;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.RecoveryConsumer;
import io.headgate.batching.StreamLog.Offer;
import io.headgate.model.StreamRange;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A log on a simulated disk, driven step by step, beside a plain model of what it owes: what was acked is there, in
 * order; what was accepted and not acked is there whole, as a beginning of what was accepted, or not at all; nothing else
 * is; no position is used for two things.
 */
final class LogRig {
    static final int TABLES = 4;
    private static final Instant START = Instant.parse("2026-11-23T00:00:00Z");

    final Random random;
    final SimulatedDisk disk;
    final LogSettings settings;
    private final Deque<TestAppend> unacked = new ArrayDeque<>();
    // What is trimmed stays known: a crash may bring it back.
    private final TreeMap<Long, TestAppend> owed = new TreeMap<>();
    private long next;
    private long trimmed;
    private final Map<LoggedTable, Long> has = new HashMap<>();
    private final Map<LoggedTable, Long> parkedTo = new HashMap<>();
    private final Map<LoggedTable, Long> closedNotes = new HashMap<>();
    // Positions that a repair gave up.
    private final Set<Long> absent = new HashSet<>();
    private int parks;
    private int notParked;
    private int keysFromFiles;
    private @Nullable String id;
    private List<LogRun> runs = List.of();
    private @Nullable LocalLog log;
    private @Nullable Throwable fatal;
    private int refused;
    private long nanos;

    LogRig(Random random, SimulatedDisk disk, LogSettings settings) {
        this.random = random;
        this.disk = disk;
        this.settings = settings;
    }

    /** The same model of a copied disk. */
    LogRig copyOn(SimulatedDisk other, Random itsRandom) {
        return copy(other, itsRandom, settings);
    }

    /** The same log, configured anew. */
    LogRig withSettings(LogSettings others) {
        return copy(disk, random, others);
    }

    private LogRig copy(SimulatedDisk other, Random itsRandom, LogSettings itsSettings) {
        LogRig copy = new LogRig(itsRandom, other, itsSettings);
        copy.unacked.addAll(unacked);
        copy.owed.putAll(owed);
        copy.next = next;
        copy.trimmed = trimmed;
        copy.id = id;
        copy.closedNotes.putAll(closedNotes);
        copy.absent.addAll(absent);
        copy.runs = runs;
        copy.nanos = nanos;
        return copy;
    }

    LocalLog log() {
        if (log == null) {
            throw new IllegalStateException("The log is not open");
        }
        return log;
    }

    boolean isOpen() {
        return log != null && fatal == null;
    }

    @Nullable
    Throwable fatal() {
        return fatal;
    }

    int refused() {
        return refused;
    }

    long next() {
        return next;
    }

    /** Opens the log and holds what comes back against the model. */
    void open() throws IOException {
        fatal = null;
        Recovered recovered = new Recovered();
        LocalLog opened = LocalLog.openStepwise(
                disk, settings, LogMetrics.none(), random, this::now, () -> nanos, recovered, this::failed);
        assertTrue(
                opened.forcedPosition() >= next,
                () -> "entries up to " + next + " were acked, not up to " + opened.forcedPosition());
        if (id != null) {
            assertEquals(id, opened.id(), "the log keeps its id");
        }
        checkRuns(opened.runs(), opened.forcedPosition());
        // Whoever opened the log has now seen all of it, so from here on it is owed like what was acked.
        id = opened.id();
        next = opened.forcedPosition();
        owed.putAll(recovered.back);
        unacked.clear();
        recovered.check(opened.firstPosition());
        log = opened;
        opened.start(this::acked);
    }

    /** What comes back when a log is opened. */
    private final class Recovered implements RecoveryConsumer {
        private final TreeMap<Long, TestAppend> back = new TreeMap<>();
        private final Map<LoggedTable, Long> last = new HashMap<>();
        private final Deque<TestAppend> mayBeThere = new ArrayDeque<>(unacked);
        private final Map<LoggedTable, Note> notes = new HashMap<>();
        private final Set<Long> keys = new HashSet<>();
        private long lastKey = -1;

        @Override
        public void key(long position, long receiveTimeMillis, IdempotencyKey key) {
            TestAppend was = Objects.requireNonNull(owed.get(position), "a key file says what was accepted");
            assertEquals(IdempotencyKey.of(was.tags()), key, "under which key");
            assertEquals(was.receiveTimeMillis(), receiveTimeMillis, "and when");
            assertTrue(back.isEmpty() && lastKey < position, "before all entries, and in order");
            lastKey = position;
            keys.add(position);
        }

        @Override
        public void accept(LogEntry entry) {
            LoggedTable table = entry.schema().table();
            Long before = last.put(table, entry.position());
            assertTrue(before == null || before < entry.position(), "a table's entries come once and in order");
            back.put(entry.position(), known(entry, mayBeThere));
        }

        @Override
        public void committed(LoggedTable table, long position, long rows) {
            add(Note.committed(table, position, rows));
        }

        @Override
        public void abandoned(LoggedTable table, long position, String where) {
            add(Note.abandoned(table, position, where));
        }

        private void add(Note note) {
            notes.merge(note.table(), note, (earlier, later) -> later.after(earlier));
        }

        void check(long first) {
            assertTrue(first <= trimmed, () -> "entries from " + trimmed + " on are owed, not from " + first);
            for (long position = first; position < next; position++) {
                assertEquals(!absent.contains(position), back.containsKey(position), "nothing is left out");
            }
            checkKeys();
            has.clear();
            parkedTo.clear();
            for (int i = 0; i < TABLES; i++) {
                check(TestAppend.schema(i, 0).table(), first);
            }
        }

        /** What was acked with a key, and is not older than the window, is known by it. */
        private void checkKeys() {
            long window = settings.keys().window().toMillis();
            owed.headMap(next).forEach((position, append) -> {
                boolean isOwed = IdempotencyKey.of(append.tags()) != null
                        && now().toEpochMilli() - append.receiveTimeMillis() < window
                        && !absent.contains(position);
                boolean isKnown = back.containsKey(position) || keys.contains(position);
                assertTrue(!isOwed || isKnown, () -> "the key of position " + position + " is not known any more");
            });
            keysFromFiles += keys.size();
        }

        /** All rows that there ever were of a table can be told: a note counts those below it, the others are there. */
        private void check(LoggedTable table, long first) {
            Note note = notes.getOrDefault(table, Note.committed(table, 0, 0));
            long noted = note.committedTo();
            assertEquals(rowsBelow(table, noted), note.rows(), "a note counts exactly");
            assertTrue(closedNotes.getOrDefault(table, 0L) <= noted, "what was noted by the close is there");
            entries(table, noted, next)
                    .forEach(position -> assertTrue(
                            back.containsKey(position),
                            () -> "position " + position + " is neither there nor noted, of table " + table.name()));
            has.put(table, noted);
            entries(table, noted, first).forEach(position -> parkedTo.put(table, position + 1));
        }
    }

    /** Positions of a table's entries in a range, but for those that were given up. */
    private LongStream entries(LoggedTable table, long from, long to) {
        return owed.subMap(from, Math.max(from, to)).entrySet().stream()
                .filter(entry -> entry.getValue().schema().table().equals(table))
                .mapToLong(Map.Entry::getKey)
                .filter(position -> !absent.contains(position));
    }

    private long rowsBelow(LoggedTable table, long position) {
        return owed.headMap(position).values().stream()
                .filter(append -> append.schema().table().equals(table))
                .mapToLong(Append::rowCount)
                .sum();
    }

    /** Notes that some table has its rows up to some position. */
    void note() {
        long position = (long) (random.nextDouble() * (log().forcedPosition() + 1));
        note(TestAppend.schema(random.nextInt(TABLES), 0).table(), position);
    }

    private void note(LoggedTable table, long position) {
        log().committed(table, position, rowsBelow(table, position));
        has.merge(table, position, Math::max);
    }

    private long has(LoggedTable table) {
        return has.getOrDefault(table, 0L);
    }

    /** Parks some table's entries of the oldest segment that has any. */
    void park() {
        LoggedTable table = TestAppend.schema(random.nextInt(TABLES), 0).table();
        long from = has(table);
        try {
            long to = log().park(table, from);
            assertTrue(to >= from && to <= next, "what is parked is there");
            parkedTo.merge(table, to, Math::max);
            parks += to > from ? 1 : 0;
        } catch (IOException e) {
            notParked++;
        }
        assertTrue(log().parkedBytes() <= settings.parkedBytes(), "what is parked has its bound");
    }

    /** Trims what every table has, or has parked. */
    void trimBehindParked() {
        long position = next;
        for (int i = 0; i < TABLES; i++) {
            LoggedTable table = TestAppend.schema(i, 0).table();
            long pending = entries(table, has(table), next).findFirst().orElse(next);
            position = Math.min(position, Math.max(pending, parkedTo.getOrDefault(table, 0L)));
        }
        trimmed = Math.max(trimmed, position);
        log().trim(position);
    }

    /** How often something was parked. */
    int parks() {
        return parks;
    }

    /** How often that failed, for want of room or by a fault. */
    int notParked() {
        return notParked;
    }

    /** How often a key came back from a key file. */
    int keysFromFiles() {
        return keysFromFiles;
    }

    private Instant now() {
        return START.plusNanos(nanos);
    }

    /** Lets time pass. */
    void later() {
        nanos += random.nextInt(40) * 1_000_000_000L;
    }

    /** What is remembered is a tail of all runs; those that died before anybody saw them may or may not be in it. */
    private void checkRuns(List<LogRun> now, long end) {
        LogRun present = now.get(now.size() - 1);
        assertEquals(end, present.from(), "a run begins at the log's end");
        assertFalse(runs.contains(present), "each run has an id of its own");
        assertTrue(now.size() <= SegmentHeader.RUNS_MAX, "so many are remembered");
        List<LogRun> known = now.stream().filter(runs::contains).toList();
        assertEquals(runs.subList(runs.size() - known.size(), runs.size()), known, "and no known one is left out");
        assertTrue(known.size() == runs.size() || now.size() == SegmentHeader.RUNS_MAX, "before so many are known");
        runs = now;
    }

    private TestAppend known(LogEntry entry, Deque<TestAppend> mayBeThere) {
        TestAppend was = owed.get(entry.position());
        if (was == null) {
            assertTrue(entry.position() >= next, () -> "nothing was ever at position " + entry.position());
            was = mayBeThere.poll();
        }
        TestAppend expected = was;
        assertTrue(
                expected != null && expected.isSame(entry),
                () -> "position " + entry.position() + " holds what was not accepted in this place");
        return expected;
    }

    private void failed(Throwable cause) {
        assertNull(fatal, "the log fails once");
        fatal = cause;
    }

    private void acked(List<? extends Append> group) {
        assertNull(fatal, "nothing is acked after a failure");
        for (Append append : group) {
            assertEquals(unacked.poll(), append, "acks come in the order of the offers");
            assertEquals(next, append.position(), "positions follow on each other");
            owed.put(next, (TestAppend) append);
            next++;
        }
        assertEquals(next, log().forcedPosition(), "what is acked may be read");
    }

    Offer offer(int payloadBytes) {
        LoggedSchema schema = TestAppend.schema(random.nextInt(TABLES), random.nextInt(3));
        boolean isKeyed = !settings.keys().window().isZero() && random.nextInt(3) > 0;
        return offer(
                isKeyed && payloadBytes <= payloadBytesMax() - 100
                        ? TestAppend.keyed(random, schema, payloadBytes, now().toEpochMilli())
                        : TestAppend.random(random, schema, payloadBytes));
    }

    Offer offer(TestAppend append) {
        Offer outcome = log().offer(append);
        if (outcome == Offer.ACCEPTED) {
            unacked.add(append);
        } else {
            refused++;
        }
        return outcome;
    }

    /** Most payload of an entry that has no tags. */
    int payloadBytesMax() {
        return settings.maxEntryBytes() - LogFormat.ENTRY_HEADER_BYTES;
    }

    /** A size of payload: mostly small, now and then of any size. */
    int randomSize() {
        return random.nextInt(10) < 8 ? random.nextInt(300) : random.nextInt(payloadBytesMax() - 300);
    }

    void stepWriter() {
        log().stepWriter();
    }

    void stepPreallocator() {
        log().stepPreallocator();
    }

    void trim() {
        long position = log().firstPosition()
                + (long) (random.nextDouble() * (log().forcedPosition() + 1 - log().firstPosition()));
        trim(position);
    }

    void trim(long position) {
        for (int i = 0; i < TABLES; i++) {
            note(TestAppend.schema(i, 0).table(), position);
        }
        trimmed = Math.max(trimmed, position);
        log().trim(position);
        assertTrue(log().firstPosition() <= trimmed, "no more is trimmed than was asked for");
    }

    /** Reads one table's entries of any range and compares. */
    void read() throws IOException {
        LoggedTable table = TestAppend.schema(random.nextInt(TABLES), 0).table();
        long first = firstReadable(table);
        long from = first + (long) (random.nextDouble() * (log().forcedPosition() + 1 - first));
        long to = from + (long) (random.nextDouble() * (log().forcedPosition() + 1 - from));
        read(new StreamRange(from, to), table);
    }

    private long firstReadable(LoggedTable table) {
        boolean isParked = has(table) < parkedTo.getOrDefault(table, 0L);
        return isParked ? Math.min(has(table), log().firstPosition()) : log().firstPosition();
    }

    void readAll() throws IOException {
        for (int i = 0; i < TABLES; i++) {
            LoggedTable table = TestAppend.schema(i, 0).table();
            read(new StreamRange(firstReadable(table), log().forcedPosition()), table);
        }
    }

    private void read(StreamRange range, LoggedTable table) throws IOException {
        PrimitiveIterator.OfLong expected =
                entries(table, range.from(), range.to()).iterator();
        log().read(range, table.id(), entry -> {
            assertTrue(
                    expected.hasNext() && expected.nextLong() == entry.position(),
                    () -> "reading " + range + " of table " + table.name() + " yields another entry at "
                            + entry.position());
            assertTrue(known(entry, new ArrayDeque<>()) != null, "and its content is right");
        });
        assertFalse(expected.hasNext(), () -> "reading " + range + " of table " + table.name() + " misses some");
    }

    /** Stops the log in good order. */
    void close() throws IOException {
        try {
            log().close();
            assertTrue(fatal != null || unacked.isEmpty(), "closing acks all that was accepted");
            if (fatal == null && log().state().problem().isEmpty()) {
                closedNotes.putAll(has);
            }
        } finally {
            log = null;
        }
    }

    /** The process is gone, and perhaps the power with it. */
    void die(boolean powerLoss) {
        log = null;
        if (powerLoss || disk.isOff()) {
            disk.powerLoss();
        } else {
            disk.processDeath();
        }
    }

    /** Does all that there is to do. */
    void settle() {
        boolean worked = true;
        while (worked) {
            boolean wrote = log().stepWriter();
            worked = log().stepPreallocator() || wrote;
        }
    }
}
