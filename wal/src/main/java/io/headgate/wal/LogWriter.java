package io.headgate.wal;

import io.headgate.batching.Append;
import io.headgate.batching.GroupListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Turns what waits into groups: one write, one force, one hand-back each, while the next group gathers. Driven by one
 * thread, or step by step. Its order is the promise: nothing is handed back, or shown to readers, before its force has
 * returned, and a group is begun only after the one before was forced.
 */
final class LogWriter {
    /** What a step came to. */
    enum Step {
        /** A group was forced. */
        FORCED,
        /** Nothing waits. */
        IDLE,
        /** Nothing waits and nothing will. */
        DONE
    }

    private final Disk disk;
    private final Intake intake;
    private final Segments segments;
    private final Spares spares;
    private final LogMetrics metrics;
    private final RandomGenerator random;
    private final LongSupplier nanoTime;
    private final Runnable onChange;
    private final NoteWriter notes;
    private final GroupBuilder group;
    private ActiveSegment active;
    private List<Append> taken = new ArrayList<>();
    private int next;
    private long written;
    private volatile long forcedPosition;

    LogWriter(
            Disk disk,
            LogSettings settings,
            Intake intake,
            Segments segments,
            Spares spares,
            LogMetrics metrics,
            RandomGenerator random,
            LongSupplier nanoTime,
            NoteWriter notes,
            Runnable onChange,
            ActiveSegment active,
            long nextPosition) {
        this.disk = disk;
        this.intake = intake;
        this.segments = segments;
        this.spares = spares;
        this.metrics = metrics;
        this.random = random;
        this.nanoTime = nanoTime;
        this.notes = notes;
        this.onChange = onChange;
        this.group = new GroupBuilder(settings.groupBytes());
        this.active = active;
        this.forcedPosition = nextPosition;
    }

    /** One past the last durable position. */
    long forcedPosition() {
        return forcedPosition;
    }

    /** Writes and forces at most one group, and hands it back. Whatever it throws is the end of this log. */
    Step step(GroupListener listener) throws IOException {
        if (notes.isDue() && forceNotes(notes.isUrgent())) {
            return Step.FORCED;
        }
        if (next == taken.size()) {
            taken.clear();
            next = 0;
            taken = intake.take(taken);
            if (taken.isEmpty()) {
                return intake.isDrained() ? Step.DONE : Step.IDLE;
            }
        }
        if (intake.nextRoll() == written) {
            roll();
        }
        forceGroup(listener);
        return Step.FORCED;
    }

    private void roll() throws IOException {
        long number = active.header().number() + 1;
        SegmentHeader header = new SegmentHeader(
                active.header().logId(),
                number,
                number,
                forcedPosition,
                active.end(),
                random.nextLong(),
                active.header().runs());
        ActiveSegment successor = ActiveSegment.draft(spares.next(), header);
        Notes.Batch noted = notes.begin(successor, intake.nextNotesBytes(), group, forcedPosition);
        successor.publish(disk, spares.next());
        notes.written(noted, successor);
        active.close();
        active = successor;
        // In this order, so that no moment shows fewer bytes on the disk than there are.
        segments.add(active.segment());
        spares.taken();
        intake.rolled(active.end() - LogFormat.SEGMENT_HEADER_BYTES);
        onChange.run();
    }

    /**
     * Makes some of the notes durable that the active segment lacks; false if there are none, or no room for them now.
     *
     * @param mayRoll whether to begin a new segment if this one is full
     */
    boolean forceNotes(boolean mayRoll) throws IOException {
        Notes.Batch batch = notes.next(active);
        if (batch.notes().isEmpty()) {
            return false;
        }
        if (!intake.reserveForNotes(batch.bytesAlone())) {
            return mayRoll && rolledForNotes();
        }
        group.begin();
        for (Note note : batch.notes()) {
            group.add(note, forcedPosition, active.segment().declarations);
        }
        force(0);
        notes.written(batch, active);
        onChange.run();
        return true;
    }

    // What was accepted first comes first: the roll then happens before the next group.
    private boolean rolledForNotes() throws IOException {
        boolean rolls = intake.rollForNotes() && intake.nextRoll() == written;
        if (rolls) {
            roll();
        }
        return rolls;
    }

    private void forceGroup(GroupListener listener) throws IOException {
        int first = next;
        long position = gather();
        force(next - first);
        forcedPosition = position;
        listener.forced(taken.subList(first, next));
    }

    /** Makes the gathered group durable. */
    private void force(int appends) throws IOException {
        ByteBuffer bytes = group.finish(active.header().tag(), active.checksum(), forcedPosition);
        int groupBytes = bytes.remaining();
        intake.placed(group.bytesAlone(), groupBytes);
        long start = nanoTime.getAsLong();
        active.write(bytes, forcedPosition);
        long wrote = nanoTime.getAsLong();
        active.force();
        metrics.groupForced(appends, groupBytes, wrote - start, nanoTime.getAsLong() - wrote);
    }

    /** Fills the group with what fits and belongs to this segment; returns the position after it. */
    private long gather() {
        group.begin();
        long position = forcedPosition;
        long roll = intake.nextRoll();
        while (next < taken.size()
                && written < roll
                && group.add(taken.get(next), position, active.segment().declarations)) {
            Append append = taken.get(next);
            append.assigned(position);
            active.add(append);
            next++;
            written++;
            position++;
        }
        return position;
    }

    /** Leaves the notes, and proof that the last group is whole, where there is room for them; then lets go of the file. */
    void close() throws IOException {
        boolean more = true;
        while (more) {
            more = forceNotes(true);
        }
        group.begin();
        ByteBuffer bytes = group.finish(active.header().tag(), active.checksum(), forcedPosition);
        if (bytes.remaining() <= active.leftBytes()) {
            active.write(bytes, forcedPosition);
            active.force();
        }
        active.close();
    }

    /** Lets go of the file as it is, after a failure. */
    void abandon() throws IOException {
        active.close();
    }
}
