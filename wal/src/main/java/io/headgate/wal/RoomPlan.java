package io.headgate.wal;

import io.headgate.batching.LoggedSchema;
import java.util.ArrayDeque;
import java.util.Deque;

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
    private final int segmentBytes;
    private final int maxEntryBytes;
    private final Deque<Long> rolls = new ArrayDeque<>();
    private Declarations declared;
    private long left;
    private long accepted;
    private int readySpares;

    /**
     * @param segmentBytes size of the spares
     * @param maxEntryBytes largest entry, and largest declaration
     * @param left bytes left in the active segment
     * @param declared what the active segment declares already; the plan's own
     */
    RoomPlan(int segmentBytes, int maxEntryBytes, long left, Declarations declared) {
        this.segmentBytes = segmentBytes;
        this.maxEntryBytes = maxEntryBytes;
        this.left = left;
        this.declared = declared;
    }

    /** Finds a place for the next append; false if there is none now. */
    boolean reserve(LoggedSchema schema, int entryBytes) {
        int declaration = bytesToDeclare(schema);
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
        rolls.add(accepted);
        left = segmentBytes - (long) LogFormat.SEGMENT_HEADER_BYTES;
        declared = new Declarations();
    }

    /** Whether an append of any allowed size and schema would be accepted now. */
    boolean takesAny() {
        return readySpares > 0 || GroupBuilder.bytesAlone(2 * maxEntryBytes) <= left;
    }

    int readySpares() {
        return readySpares;
    }

    void spareReady() {
        readySpares++;
    }

    /** How many appends, of all ever accepted, come before the next change of segment. */
    long nextRoll() {
        Long next = rolls.peek();
        return next == null ? Long.MAX_VALUE : next;
    }

    /** The writer has changed segments as {@link #nextRoll} said. */
    void rolled() {
        rolls.remove();
    }

    /** A group was given its place: it takes {@code bytes} instead of the {@code bytesAlone} reckoned with. */
    void placed(long bytesAlone, int bytes) {
        if (rolls.isEmpty()) {
            left += bytesAlone - bytes;
        }
    }
}
