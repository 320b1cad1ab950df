package io.headgate.wal;

import io.headgate.model.TableId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The latest {@link Note} of each table, and how far each is durable. Every new segment begins with all of them, so that
 * none is lost with the segments that are trimmed; a segment leaves only once what was noted by then is in a later one.
 * Together they take at most a quarter of a segment: beyond it the one unchanged for longest is forgotten. Thread-safe.
 */
final class Notes {
    /**
     * Notes to write.
     *
     * @param notes as they were when taken
     * @param asOf when that was, counted in changes
     */
    record Batch(List<Note> notes, long asOf) {
        /** What they take in a segment at the most. */
        long bytesAlone() {
            return notes.stream().mapToLong(Note::bytesAlone).sum();
        }
    }

    private static final class Kept {
        Note note;
        long changedAt;
        long writtenAsOf;
        long writtenIn;

        Kept(Note note) {
            this.note = note;
        }

        boolean isWritten() {
            return changedAt <= writtenAsOf;
        }
    }

    private final long bytesMax;
    // In the order of their last change.
    private final Map<TableId, Kept> kept = new LinkedHashMap<>();
    private long changes;
    private long bytesAlone;
    private volatile boolean changed;

    /** @param segmentBytes size of the segments they are written to */
    Notes(int segmentBytes) {
        this.bytesMax = segmentBytes / 4;
    }

    /** Takes a note, unless a later one is known. */
    synchronized void add(Note note) {
        Kept known = known(note);
        boolean isNew = known.changedAt == 0 && known.writtenIn == 0;
        if (isNew || !note.after(known.note).equals(known.note)) {
            known.changedAt = ++changes;
            changed = true;
        }
        replace(known, note);
    }

    /** Takes a note that was found in a segment. */
    synchronized void recovered(Note note, long segment) {
        Kept known = known(note);
        known.writtenIn = segment;
        replace(known, note);
    }

    private Kept known(Note note) {
        Kept known = kept.remove(note.table().id());
        if (known == null) {
            return new Kept(note);
        }
        bytesAlone -= known.note.bytesAlone();
        return known;
    }

    private void replace(Kept known, Note note) {
        known.note = note.after(known.note);
        kept.put(note.table().id(), known);
        bytesAlone += known.note.bytesAlone();
        Iterator<Kept> oldest = kept.values().iterator();
        while (bytesAlone > bytesMax) {
            bytesAlone -= oldest.next().note.bytesAlone();
            oldest.remove();
        }
    }

    /** What all of them take in a segment at the most. */
    synchronized long bytesAlone() {
        return bytesAlone;
    }

    /** How many changes there were. */
    synchronized long changes() {
        return changes;
    }

    /** Whether there may be something to write. */
    boolean isChanged() {
        return changed;
    }

    /** As many as take at most {@code bytes}. */
    synchronized Batch upTo(long bytes) {
        List<Note> some = new ArrayList<>();
        long left = bytes;
        for (Kept each : kept.values()) {
            left -= each.note.bytesAlone();
            if (left >= 0) {
                some.add(each.note);
            }
        }
        changed |= some.size() < kept.size();
        return new Batch(some, changes);
    }

    /** Those that {@code segment} lacks as they are now: as many as {@code bytes} hold, but at least one. */
    synchronized Batch missingIn(long segment, long bytes) {
        List<Note> some = new ArrayList<>();
        long left = bytes;
        for (Kept each : kept.values()) {
            boolean missing = !each.isWritten() || each.writtenIn < segment;
            if (missing && (some.isEmpty() || each.note.bytes() <= left)) {
                some.add(each.note);
                left -= each.note.bytes();
            }
        }
        changed = !some.isEmpty();
        return new Batch(some, changes);
    }

    /** A batch is durable in a segment. */
    synchronized void written(Batch batch, long segment) {
        for (Note note : batch.notes) {
            Kept each = kept.get(note.table().id());
            if (each != null) {
                each.writtenIn = segment;
                each.writtenAsOf = batch.asOf;
            }
        }
    }

    /** Whether all that was noted by the {@code asOf}-th change is durable in segments after this one. */
    synchronized boolean areBehind(long segment, long asOf) {
        for (Kept each : kept.values()) {
            if (each.writtenIn <= segment || !(each.isWritten() || each.writtenAsOf >= asOf)) {
                return false;
            }
        }
        return true;
    }
}
