package io.headgate.wal;

import io.headgate.batching.LoggedSchema;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * Decides, the moment an append is offered, which segment it will be written to, and so whether there is room for it: in
 * what is left of the active segment or in a spare that is ready. The writer follows the plan, so whatever was accepted
 * can be written without waiting for the disk to have room.
 *
 * <p>The plan reckons with the worst, each append in a group of its own, padded, with the declarations that its segment
 * lacks by then. Once a group is written, what it took less than that is free again, unless the plan has left that
 * segment behind: the tail lost that way is at most what the appends waiting at that moment overstate.
 *
 * <p>Not thread-safe: guarded by {@link Intake}.
 */
final class RoomPlan {
    /**
     * A change of segment that is ahead.
     *
     * @param accepted how many appends, of all ever accepted, come before it
     * @param notesBytes what the notes may take that the new segment begins with
     */
    private record Roll(long accepted, long notesBytes) {}

    private final int segmentBytes;
    private final int maxEntryBytes;
    private final LongSupplier notesBytes;
    private final Deque<Roll> rolls = new ArrayDeque<>();
    private Declarations declared;
    private long left;
    private long accepted;
    private int readySpares;
    private boolean forNotesAlone;

    /**
     * @param segmentBytes size of the spares
     * @param maxEntryBytes largest entry, and largest declaration
     * @param left bytes left in the active segment
     * @param declared what the active segment declares already; the plan's own
     * @param notesBytes what the notes at the head of a segment would take now; at most a quarter of a segment
     */
    RoomPlan(int segmentBytes, int maxEntryBytes, long left, Declarations declared, LongSupplier notesBytes) {
        this.segmentBytes = segmentBytes;
        this.maxEntryBytes = maxEntryBytes;
        this.left = left;
        this.declared = declared;
        this.notesBytes = notesBytes;
    }

    /** Finds a place for the next append; false if there is none now. */
    boolean reserve(LoggedSchema schema, int entryBytes) {
        int declaration = bytesToDeclare(schema);
        if (forNotesAlone) {
            return false;
        }
        if (GroupBuilder.bytesAlone(declaration + entryBytes) > left) {
            if (readySpares == 0) {
                return false;
            }
            roll();
            declaration = bytesToDeclare(schema);
        }
        if (declaration > 0) {
            declared.ensure(schema);
        }
        left -= GroupBuilder.bytesAlone(declaration + entryBytes);
        accepted++;
        return true;
    }

    private int bytesToDeclare(LoggedSchema schema) {
        int bytes = declared.bytesToDeclare(schema);
        if (bytes > maxEntryBytes) {
            throw new IllegalArgumentException("Table " + schema.table().name() + " takes " + bytes
                    + " bytes to declare in the log: at most limits.max-entry-bytes, " + maxEntryBytes
                    + ", can be. Raise that, or give the table fewer columns.");
        }
        return bytes;
    }

    private void roll() {
        readySpares--;
        long head = notesBytes.getAsLong();
        rolls.add(new Roll(accepted, head));
        left = segmentBytes - LogFormat.SEGMENT_HEADER_BYTES - head;
        declared = new Declarations();
    }

    /** Whether an append of any allowed size and schema would be accepted now. */
    boolean takesAny() {
        return !forNotesAlone && (readySpares > 0 || GroupBuilder.bytesAlone(2 * maxEntryBytes) <= left);
    }

    /** Whether what room there is is kept for notes: the segment that has to stay free is in use. */
    void forNotesAlone(boolean isNow) {
        forNotesAlone = isNow;
    }

    int readySpares() {
        return readySpares;
    }

    void spareReady() {
        readySpares++;
    }

    /** How many appends, of all ever accepted, come before the next change of segment. */
    long nextRoll() {
        Roll next = rolls.peek();
        return next == null ? Long.MAX_VALUE : next.accepted;
    }

    /** What the notes may take that the next segment begins with. */
    long nextNotesBytes() {
        return rolls.element().notesBytes;
    }

    /** The writer has changed segments as {@link #nextRoll} said, and begun the new one with so many bytes of notes. */
    void rolled(int bytes) {
        placed(rolls.remove().notesBytes, bytes);
    }

    /** Finds a place for notes in the active segment; false if there is none. */
    boolean reserveForNotes(long bytes) {
        boolean fits = rolls.isEmpty() && bytes <= left;
        left -= fits ? bytes : 0;
        return fits;
    }

    /** Has the next segment begun, and the notes with it, once all that was accepted is written; false if none is ready. */
    boolean rollForNotes() {
        if (rolls.isEmpty() && readySpares > 0) {
            roll();
        }
        return !rolls.isEmpty();
    }

    /** What was planned has its place: it takes {@code bytes} instead of the {@code bytesAlone} reckoned with. */
    void placed(long bytesAlone, int bytes) {
        if (rolls.isEmpty()) {
            left += bytesAlone - bytes;
        }
    }
}
