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

    /** Blocks the writer until there is something to take, or nothing will ever come. */
    synchronized void awaitAppends() {
        while (waiting.isEmpty() && !closed) {
            writerSleeps = true;
            try {
                wait();
            } catch (InterruptedException e) {
                // Not a way to stop the writer; and kept pending, the interrupt would close its file.
            }
        }
        writerSleeps = false;
    }

    /** Whether all that was accepted has been taken and nothing more will come. */
    synchronized boolean isDrained() {
        return closed && waiting.isEmpty();
    }

    synchronized long nextRoll() {
        return plan.nextRoll();
    }

    synchronized void rolled() {
        plan.rolled();
    }

    synchronized void placed(long bytesAlone, int bytes) {
        plan.placed(bytesAlone, bytes);
    }

    synchronized void spareReady() {
        plan.spareReady();
    }

    synchronized int readySpares() {
        return plan.readySpares();
    }

    synchronized boolean takesAny() {
        return plan.takesAny();
    }
}
