package io.headgate.batching;

import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A log in memory that forces when a test says so. What was forced survives {@link #crash}; what was not is lost. Not
 * thread-safe.
 */
final class MemoryLog implements StreamLog {
    private final NavigableMap<Long, LogEntry> forced;
    private final Deque<Append> queued = new ArrayDeque<>();
    private @Nullable GroupListener listener;
    private long firstPosition;
    private long forcedPosition;
    private boolean full;
    private boolean closed;

    MemoryLog() {
        this(new TreeMap<>(), 0, 0);
    }

    private MemoryLog(NavigableMap<Long, LogEntry> forced, long firstPosition, long forcedPosition) {
        this.forced = forced;
        this.firstPosition = firstPosition;
        this.forcedPosition = forcedPosition;
    }

    /** The log as the next process finds it. */
    MemoryLog crash() {
        closed = true;
        return copy();
    }

    /** What another process finds that was given a copy of this log's files. */
    MemoryLog copy() {
        return new MemoryLog(new TreeMap<>(forced), firstPosition, forcedPosition);
    }

    RecoveredEntries recovered() {
        RecoveredEntries entries = new RecoveredEntries();
        forced.values().forEach(entries::accept);
        return entries;
    }

    void full(boolean isFull) {
        full = isFull;
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
        return List.of(new LogRun("memory", 0));
    }

    @Override
    public void committed(LoggedTable table, long position, long rows) {}

    @Override
    public long park(LoggedTable table, long from) {
        return from;
    }

    @Override
    public long parkedBytes() {
        return 0;
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
    public void read(StreamRange range, TableId table, EntryConsumer consumer) throws IOException {
        if (range.from() < firstPosition || range.to() > forcedPosition) {
            throw new IllegalArgumentException(
                    range + " is not within [" + firstPosition + ", " + forcedPosition + ")");
        }
        for (LogEntry entry :
                forced.subMap(range.from(), true, range.to(), false).values()) {
            if (entry.schema().table().id().equals(table)) {
                consumer.accept(entry);
            }
        }
    }

    @Override
    public void trim(long position) {
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
        closed = true;
    }
}
