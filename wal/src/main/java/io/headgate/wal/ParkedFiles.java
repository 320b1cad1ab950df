package io.headgate.wal;

import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parked files of a log, per table in the order of their positions, and those on their way out. One leaves only once
 * the note is durable that made it needless, so that a file which a crash brings back holds nothing that counts.
 * Thread-safe.
 */
final class ParkedFiles {
    private final Notes notes;
    private final Map<TableId, List<ParkedFile>> tables = new HashMap<>();
    private final Deque<ParkedFile> leaving = new ArrayDeque<>();
    private long sizeBytes;
    private long draftBytes;

    ParkedFiles(Notes notes, List<ParkedFile> found) {
        this.notes = notes;
        found.forEach(this::add);
    }

    /** Takes a file that is durable. */
    synchronized void add(ParkedFile file) {
        List<ParkedFile> files = tables.computeIfAbsent(file.table(), none -> new ArrayList<>());
        files.add(file);
        files.sort(Comparator.comparingLong(each -> each.range().from()));
        sizeBytes += file.file().sizeBytes;
    }

    /** What all of them take on the disk, drafts and those on their way out included. */
    synchronized long sizeBytes() {
        return sizeBytes + draftBytes;
    }

    /** What drafts take. */
    synchronized void draft(long bytes) {
        draftBytes = bytes;
    }

    /**
     * The first positions from {@code from} on that are not parked for a table. They end where a file begins, if one
     * follows: a process that had seen the table begins to park where the table ended; a later one, which cannot see it,
     * does not know that, and needs what is before.
     */
    synchronized StreamRange firstGap(TableId table, long from) {
        long start = from;
        for (ParkedFile file : tables.getOrDefault(table, List.of())) {
            if (file.range().from() > start) {
                return new StreamRange(start, file.range().from());
            }
            start = Math.max(start, file.range().to());
        }
        return new StreamRange(start, Long.MAX_VALUE);
    }

    /** Whether anything is parked for a table. Where nothing is, beside that, the table has nothing. */
    synchronized boolean isAny(TableId table) {
        return !tables.getOrDefault(table, List.of()).isEmpty();
    }

    /** Holds a table's files that have positions in {@code range}, so that none is deleted before its release. */
    synchronized List<ParkedFile> hold(TableId table, StreamRange range) {
        List<ParkedFile> held = new ArrayList<>();
        for (ParkedFile file : tables.getOrDefault(table, List.of())) {
            if (file.range().from() < range.to() && file.range().to() > range.from()) {
                file.file().readers++;
                held.add(file);
            }
        }
        return held;
    }

    synchronized void release(ParkedFile file) {
        file.file().readers--;
    }

    /** Lets go of a table's files that end at or below {@code position}; false if there is none. */
    synchronized boolean letGo(TableId table, long position) {
        Iterator<ParkedFile> files = tables.getOrDefault(table, List.of()).iterator();
        boolean any = false;
        while (files.hasNext()) {
            ParkedFile file = files.next();
            if (file.range().to() <= position) {
                file.file().notedAsOf = notes.changes();
                leaving.add(file);
                files.remove();
                any = true;
            }
        }
        return any;
    }

    /** Whether notes have to be written before a file can be deleted. */
    synchronized boolean waitForNotes() {
        ParkedFile last = leaving.peekLast();
        return last != null && !isNoted(last);
    }

    private boolean isNoted(ParkedFile file) {
        return notes.areBehind(0, file.file().notedAsOf);
    }

    /** The file to delete next, if there is one that nobody needs. */
    synchronized @Nullable ParkedFile deletable() {
        ParkedFile next = leaving.peek();
        return next != null && next.file().readers == 0 && isNoted(next) ? next : null;
    }

    /** {@link #deletable} is deleted. */
    synchronized void deleted() {
        sizeBytes -= leaving.remove().file().sizeBytes;
    }
}
