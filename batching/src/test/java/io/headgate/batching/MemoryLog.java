package io.headgate.batching;

import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A log in memory that forces when a test says so. What was forced survives {@link #crash}; what was not is lost, and so
 * are notes since the last trim, or since every eighth group. A segment is eight positions. Not thread-safe.
 */
final class MemoryLog implements StreamLog {
    private static final int SEGMENT = 8;
    private static final int GROUPS_BETWEEN_NOTES = 8;

    private record Note(LoggedTable table, Progress progress) {}

    private record Abandoned(LoggedTable table, long position) {}

    private final AtomicInteger runsOfAllCopies;
    private final List<LogRun> runs = new ArrayList<>();
    private final NavigableMap<Long, LogEntry> forced = new TreeMap<>();
    private final NavigableMap<Long, LogEntry> parked = new TreeMap<>();
    private final Map<TableId, Note> durableNotes = new LinkedHashMap<>();
    private final Map<TableId, Note> notes = new LinkedHashMap<>();
    private final List<Abandoned> abandoned = new ArrayList<>();
    private final Deque<Append> queued = new ArrayDeque<>();
    private @Nullable GroupListener listener;
    private long firstPosition;
    private long forcedPosition;
    private long parkedBytesMax = Long.MAX_VALUE;
    private int groups;
    private long hidden = -1;
    private boolean full;
    private boolean closed;

    MemoryLog() {
        runsOfAllCopies = new AtomicInteger();
        begin();
    }

    private MemoryLog(MemoryLog other) {
        runsOfAllCopies = other.runsOfAllCopies;
        runs.addAll(other.runs);
        forced.putAll(other.forced);
        parked.putAll(other.parked);
        durableNotes.putAll(other.durableNotes);
        notes.putAll(other.durableNotes);
        abandoned.addAll(other.abandoned);
        firstPosition = other.firstPosition;
        forcedPosition = other.forcedPosition;
        begin();
    }

    private void begin() {
        runs.add(new LogRun("run-" + runsOfAllCopies.incrementAndGet(), forcedPosition));
    }

    /** The log as the next process finds it. */
    MemoryLog crash() {
        closed = true;
        return copy();
    }

    /** What another process finds that was given a copy of this log's files. */
    MemoryLog copy() {
        return new MemoryLog(this);
    }

    /** Delivers all that is held and not parked. */
    void forEach(Consumer<LogEntry> consumer) {
        forced.values().forEach(consumer);
    }

    RecoveredEntries recovered() {
        RecoveredEntries entries = new RecoveredEntries();
        recover(entries);
        return entries;
    }

    void recover(RecoveredEntries entries) {
        NavigableMap<Long, LogEntry> all = new TreeMap<>(parked);
        all.putAll(forced);
        all.values().forEach(entries::accept);
        durableNotes
                .values()
                .forEach(note -> entries.committed(note.table, note.progress.position(), note.progress.rows()));
        abandoned.forEach(given -> entries.abandoned(given.table, given.position, "nowhere"));
    }

    /** The process that uses this log. */
    String run() {
        return runs.get(runs.size() - 1).id();
    }

    void full(boolean isFull) {
        full = isFull;
    }

    void parkedBytesMax(long bytes) {
        parkedBytesMax = bytes;
    }

    /** Readers do not get the entry at this position, until another is hidden. */
    void hide(long position) {
        hidden = position;
    }

    /** An operator gives up a table's rows so far. */
    void abandon(LoggedTable table) {
        abandoned.add(new Abandoned(table, forcedPosition));
    }

    /** What the log knows now of a table; null if nothing. */
    @Nullable
    Progress noted(LoggedTable table) {
        Note note = notes.get(table.id());
        return note == null ? null : note.progress;
    }

    /** Makes what waits durable and reports it as one group of at most {@code most} appends. */
    void force(int most) {
        List<Append> group = new ArrayList<>();
        while (!queued.isEmpty() && group.size() < most) {
            Append append = queued.remove();
            append.assigned(forcedPosition);
            forced.put(forcedPosition, entry(append));
            forcedPosition++;
            group.add(append);
        }
        if (++groups % GROUPS_BETWEEN_NOTES == 0) {
            writeNotes();
        }
        GroupListener told = listener;
        if (!group.isEmpty() && told != null) {
            told.forced(group);
        }
    }

    private LogEntry entry(Append append) {
        return new LogEntry(
                append.position(),
                append.schema(),
                append.rowCount(),
                append.receiveTimeMillis(),
                append.tags(),
                sizeOf(append),
                append.payload().duplicate());
    }

    @Override
    public String id() {
        return "memory";
    }

    @Override
    public List<LogRun> runs() {
        return Collections.unmodifiableList(runs);
    }

    @Override
    public void committed(LoggedTable table, long position, long rows) {
        Note before = notes.put(table.id(), new Note(table, new Progress(position, rows)));
        if (before != null && (before.progress.position() > position || before.progress.rows() > rows)) {
            throw new AssertionError(table + " was at " + before.progress + ", is at " + position + ", " + rows);
        }
    }

    /** Only what a durable note covers is let go. */
    private void writeNotes() {
        durableNotes.putAll(notes);
        durableNotes
                .values()
                .forEach(note -> parked.headMap(note.progress.position(), false)
                        .values()
                        .removeIf(entry -> isOf(entry, note.table.id())));
    }

    @Override
    public long park(LoggedTable table, long from) throws IOException {
        long end = forcedPosition;
        List<LogEntry> copies = new ArrayList<>();
        for (LogEntry entry : forced.tailMap(from, true).values()) {
            if (entry.position() >= end) {
                break;
            }
            if (isOf(entry, table.id())) {
                end = copies.isEmpty() ? (entry.position() / SEGMENT + 1) * SEGMENT : end;
                copies.add(entry);
            }
        }
        long bytes = copies.stream().mapToLong(LogEntry::sizeBytes).sum();
        if (parkedBytes() + bytes > parkedBytesMax) {
            throw new IOException("no room to park " + bytes + " bytes");
        }
        copies.forEach(entry -> parked.put(entry.position(), entry));
        return copies.isEmpty() ? from : Math.min(end, forcedPosition);
    }

    @Override
    public long parkedBytes() {
        return parked.values().stream().mapToLong(LogEntry::sizeBytes).sum();
    }

    @Override
    public void start(GroupListener groupListener) {
        listener = groupListener;
    }

    @Override
    public int sizeOf(Append append) {
        return 32 + append.payload().remaining();
    }

    @Override
    public Offer offer(Append append) {
        if (closed) {
            return Offer.CLOSED;
        }
        if (full) {
            return Offer.NO_ROOM;
        }
        queued.add(append);
        return Offer.ACCEPTED;
    }

    @Override
    public long firstPosition() {
        return firstPosition;
    }

    @Override
    public long forcedPosition() {
        return forcedPosition;
    }

    @Override
    public long read(StreamRange range, TableId table, EntryConsumer consumer) throws IOException {
        NavigableMap<Long, LogEntry> found = new TreeMap<>(parked.subMap(range.from(), true, range.to(), false));
        found.values().removeIf(entry -> !isOf(entry, table));
        if ((range.from() < firstPosition && found.isEmpty()) || range.to() > forcedPosition) {
            throw new IllegalArgumentException(
                    range + " is not within [" + firstPosition + ", " + forcedPosition + ")");
        }
        found.putAll(forced.subMap(range.from(), true, range.to(), false));
        for (LogEntry entry : found.values()) {
            if (isOf(entry, table) && entry.position() != hidden) {
                consumer.accept(entry);
            }
        }
        return range.to() - range.from();
    }

    private static boolean isOf(LogEntry entry, TableId table) {
        return entry.schema().table().id().equals(table);
    }

    @Override
    public void trim(long position) {
        writeNotes();
        firstPosition = Math.max(firstPosition, Math.min(position, forcedPosition));
        forced.headMap(firstPosition, false).clear();
    }

    @Override
    public long sizeBytes() {
        return forced.values().stream().mapToLong(LogEntry::sizeBytes).sum();
    }

    @Override
    public void close() {
        force(Integer.MAX_VALUE);
        writeNotes();
        closed = true;
    }
}
