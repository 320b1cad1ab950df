package io.headgate.wal;

import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Decides when notes are written: all at the head of each new segment; what changed once a file waits for it to be
 * deleted, at the close, and else so many seconds after the last time. Used by the writer alone.
 */
final class NoteWriter {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Notes notes;
    private final Segments segments;
    private final ParkedFiles parked;
    private final LongSupplier nanoTime;
    private final int groupBytes;
    private long lastNanos;

    NoteWriter(Notes notes, Segments segments, ParkedFiles parked, LongSupplier nanoTime, int groupBytes) {
        this.notes = notes;
        this.segments = segments;
        this.parked = parked;
        this.nanoTime = nanoTime;
        this.groupBytes = groupBytes;
        this.lastNanos = nanoTime.getAsLong();
    }

    /** Whether there may be notes to write before anything else. */
    boolean isDue() {
        return isUrgent() || (notes.isChanged() && nanoTime.getAsLong() - lastNanos >= PAUSE_NANOS);
    }

    /** Whether a file cannot be deleted before notes are written. */
    boolean isUrgent() {
        return segments.waitForNotes() || parked.waitForNotes();
    }

    /** The next group of notes that a segment lacks; empty if it lacks none. */
    Notes.Batch next(ActiveSegment segment) {
        Notes.Batch batch = notes.missingIn(segment.header().number(), groupBytes - LogFormat.GROUP_HEADER_BYTES);
        if (batch.notes().isEmpty()) {
            lastNanos = nanoTime.getAsLong();
        }
        return batch;
    }

    /** Begins a draft with notes, in as many groups as they need; returns which. */
    Notes.Batch begin(ActiveSegment draft, long bytesMax, GroupBuilder group, long position) throws IOException {
        Notes.Batch batch = notes.upTo(bytesMax);
        Iterator<Note> left = batch.notes().iterator();
        Note note = left.hasNext() ? left.next() : null;
        while (note != null) {
            group.begin();
            while (note != null && group.add(note, position, draft.segment().declarations)) {
                note = left.hasNext() ? left.next() : null;
            }
            draft.write(group.finish(draft.header().tag(), draft.checksum(), position), position);
        }
        return batch;
    }

    /** A batch is durable in a segment. */
    void written(Notes.Batch batch, ActiveSegment segment) {
        notes.written(batch, segment.header().number());
    }
}
