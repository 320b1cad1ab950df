package io.headgate.wal;

import io.headgate.batching.Append;
import io.headgate.batching.StreamLog.Offer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where event loops hand appends over to the writer: one short lock, two lists that change places, and a wake-up only if
 * the writer sleeps.
 */
final class Intake {
    private final RoomPlan plan;
    private List<Append> waiting = new ArrayList<>();
    private boolean open;
    private boolean closed;
    private boolean writerSleeps;
    private boolean nudged;

    Intake(RoomPlan plan) {
        this.plan = plan;
    }

    synchronized void open() {
        open = !closed;
    }

    /** No more offers; the writer wakes to finish what waits. */
    synchronized void close() {
        open = false;
        closed = true;
        notifyAll();
    }

    synchronized Offer offer(Append append, int entryBytes) {
        if (!open) {
            return Offer.CLOSED;
        }
        if (!plan.reserve(append.schema(), entryBytes)) {
            return Offer.NO_ROOM;
        }
        waiting.add(append);
        if (writerSleeps) {
            notifyAll();
        }
        return Offer.ACCEPTED;
    }

    /** Takes all that wait, in order, and leaves {@code emptied} in their place. */
    synchronized List<Append> take(List<Append> emptied) {
        List<Append> taken = waiting;
        waiting = emptied;
        return taken;
    }

    /** Has the writer look whether there are notes to write. */
    synchronized void nudge() {
        nudged = true;
        notifyAll();
    }

    /** Blocks the writer until there is something to do, or nothing will ever come. */
    synchronized void awaitWork() {
        while (waiting.isEmpty() && !closed && !nudged) {
            writerSleeps = true;
            try {
                wait();
            } catch (InterruptedException e) {
                // Not a way to stop the writer; and kept pending, the interrupt would close its file.
            }
        }
        writerSleeps = false;
        nudged = false;
    }

    /** Whether all that was accepted has been taken and nothing more will come. */
    synchronized boolean isDrained() {
        return closed && waiting.isEmpty();
    }

    synchronized long nextRoll() {
        return plan.nextRoll();
    }

    synchronized long nextNotesBytes() {
        return plan.nextNotesBytes();
    }

    synchronized void rolled(int notesBytes) {
        plan.rolled(notesBytes);
    }

    synchronized boolean reserveForNotes(long bytes) {
        return plan.reserveForNotes(bytes);
    }

    synchronized boolean rollForNotes() {
        return plan.rollForNotes();
    }

    synchronized void placed(long bytesAlone, int bytes) {
        plan.placed(bytesAlone, bytes);
    }

    synchronized void spareReady() {
        plan.spareReady();
        nudge();
    }

    synchronized void forNotesAlone(boolean isNow) {
        plan.forNotesAlone(isNow);
    }

    synchronized int readySpares() {
        return plan.readySpares();
    }

    synchronized boolean takesAny() {
        return plan.takesAny();
    }
}
