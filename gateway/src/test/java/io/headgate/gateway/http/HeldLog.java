package io.headgate.gateway.http;

import io.headgate.batching.Append;
import io.headgate.batching.EntryConsumer;
import io.headgate.batching.GroupListener;
import io.headgate.batching.LogEntry;
import io.headgate.batching.LogRun;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.StreamLog;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log in memory whose force a test can hold back, and that can be full. Forces on the thread that offers or lets go. */
final class HeldLog implements StreamLog {
    private final List<LogEntry> entries = new ArrayList<>();
    private final List<Append> waiting = new ArrayList<>();
    private @Nullable GroupListener listener;
    private boolean held;
    private boolean full;

    /** Forces nothing until {@link #letGo}. */
    synchronized void hold() {
        held = true;
    }

    synchronized void letGo() {
        held = false;
        force();
    }

    synchronized void full(boolean isFull) {
        full = isFull;
    }

    synchronized int waiting() {
        return waiting.size();
    }

    /** What was made durable, in order. */
    synchronized List<LogEntry> entries() {
        return List.copyOf(entries);
    }

    @Override
    public String id() {
        return "held";
    }

    @Override
    public List<LogRun> runs() {
        return List.of(new LogRun("held", 0));
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
    public synchronized void start(GroupListener groupListener) {
        listener = groupListener;
    }

    @Override
    public int sizeOf(Append append) {
        return 64 + append.payload().remaining();
    }

    @Override
    public synchronized Offer offer(Append append) {
        if (full) {
            return Offer.NO_ROOM;
        }
        waiting.add(append);
        if (!held) {
            force();
        }
        return Offer.ACCEPTED;
    }

    private void force() {
        GroupListener told = listener;
        if (waiting.isEmpty() || told == null) {
            return;
        }
        for (Append append : waiting) {
            append.assigned(entries.size());
            entries.add(new LogEntry(
                    append.position(),
                    append.schema(),
                    append.rowCount(),
                    append.receiveTimeMillis(),
                    append.tags(),
                    sizeOf(append),
                    append.payload().duplicate()));
        }
        told.forced(List.copyOf(waiting));
        waiting.clear();
    }

    @Override
    public long firstPosition() {
        return 0;
    }

    @Override
    public synchronized long forcedPosition() {
        return entries.size();
    }

    @Override
    public long read(StreamRange range, TableId table, EntryConsumer consumer) throws IOException {
        for (LogEntry entry : entries().subList((int) range.from(), (int) range.to())) {
            if (entry.schema().table().id().equals(table)) {
                consumer.accept(entry);
            }
        }
        return range.to() - range.from();
    }

    @Override
    public void trim(long position) {}

    @Override
    public synchronized long sizeBytes() {
        return entries.stream().mapToLong(LogEntry::sizeBytes).sum();
    }

    @Override
    public void close() {
        letGo();
    }
}
