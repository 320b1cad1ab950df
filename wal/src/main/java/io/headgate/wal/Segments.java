package io.headgate.wal;

import io.headgate.model.StreamRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments that make up the log, the last of them active, and those on their way out. Segments leave in the order in
 * which they were let go of, each only after its predecessor's deletion is durable and nobody reads it any more: that way
 * a crash never leaves a gap. And only once what was noted of the tables is durable behind it: what a table has cannot be
 * told without its entries or a note.
 */
final class Segments {
    /** A segment held for reading, and the position at which the next one takes over. */
    record Held(Segment segment, long endPosition) {}

    private final Notes notes;
    private final List<Segment> live = new ArrayList<>();
    private final Deque<Segment> leaving = new ArrayDeque<>();

    Segments(List<Segment> live, Notes notes) {
        this.live.addAll(live);
        this.notes = notes;
    }

    /** Adds the new active segment. */
    synchronized void add(Segment segment) {
        live.add(segment);
    }

    synchronized long firstPosition() {
        return live.get(0).firstPosition;
    }

    synchronized int count() {
        return live.size();
    }

    synchronized long sizeBytes() {
        long bytes = 0;
        for (Segment segment : live) {
            bytes += segment.sizeBytes;
        }
        for (Segment segment : leaving) {
            bytes += segment.sizeBytes;
        }
        return bytes;
    }

    /** Lets go of the segments that end at or below {@code position}, but for the active one. */
    synchronized void trim(long position) {
        while (live.size() > 1 && live.get(1).firstPosition <= position) {
            Segment old = live.remove(0);
            old.notedAsOf = notes.changes();
            leaving.add(old);
        }
    }

    /** Whether notes have to be written before a segment can be deleted. */
    synchronized boolean waitForNotes() {
        Segment last = leaving.peekLast();
        return last != null && !notes.areBehind(last.number, last.notedAsOf);
    }

    /** Holds the segments that have positions in {@code range}, in order, so that none is deleted before its release. */
    synchronized List<Held> hold(StreamRange range) {
        List<Held> held = new ArrayList<>();
        for (int i = 0; i < live.size(); i++) {
            Segment segment = live.get(i);
            long end = i + 1 < live.size() ? live.get(i + 1).firstPosition : Long.MAX_VALUE;
            if (segment.firstPosition < range.to() && end > range.from()) {
                segment.readers++;
                held.add(new Held(segment, end));
            }
        }
        return held;
    }

    /** Holds the segments but the active one that have positions from {@code position} on. */
    synchronized List<Held> holdClosed(long position) {
        long end = live.get(live.size() - 1).firstPosition;
        return position < end ? hold(new StreamRange(position, end)) : List.of();
    }

    synchronized void release(Segment segment) {
        segment.readers--;
    }

    /** The segment to delete next, if there is one that nobody needs. */
    synchronized @Nullable Segment deletable() {
        Segment next = leaving.peek();
        boolean free = next != null && next.readers == 0 && notes.areBehind(next.number, next.notedAsOf);
        return free ? next : null;
    }

    /** The deletion of {@link #deletable} is durable. */
    synchronized void deleted() {
        leaving.remove();
    }
}
