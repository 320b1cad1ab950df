package io.headgate.gateway.http;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how long something may take: all have the same time, so those that wait form a queue with the most urgent in
 * front. Whoever is in time joins and leaves without an allocation or a timer. One thread.
 */
final class Deadlines {
    /** Somebody whose time runs, in one queue at a time. */
    abstract static class Waiting {
        private @Nullable Deadlines queue;
        private @Nullable Waiting previous;
        private @Nullable Waiting next;
        private long sinceNanos;

        /** Time is up. No longer in the queue when called, and may join one again. */
        abstract void overdue();

        final boolean waitsIn(Deadlines deadlines) {
            return queue == deadlines;
        }

        /** Stops waiting, wherever that is. */
        final void leave() {
            Deadlines waitsIn = queue;
            if (waitsIn != null) {
                waitsIn.unlink(this);
            }
        }
    }

    private final long timeoutNanos;
    private final LongSupplier nanoTime;
    private @Nullable Waiting first;
    private @Nullable Waiting last;

    Deadlines(long timeoutNanos, LongSupplier nanoTime) {
        this.timeoutNanos = timeoutNanos;
        this.nanoTime = nanoTime;
    }

    /** Has {@code waiting} wait here from now on, and nowhere else. */
    void add(Waiting waiting) {
        waiting.leave();
        waiting.sinceNanos = nanoTime.getAsLong();
        waiting.queue = this;
        waiting.previous = last;
        if (last == null) {
            first = waiting;
        } else {
            last.next = waiting;
        }
        last = waiting;
    }

    private void unlink(Waiting waiting) {
        Waiting previous = waiting.previous;
        Waiting next = waiting.next;
        if (previous == null) {
            first = next;
        } else {
            previous.next = next;
        }
        if (next == null) {
            last = previous;
        } else {
            next.previous = previous;
        }
        waiting.previous = null;
        waiting.next = null;
        waiting.queue = null;
    }

    /** Tells all whose time is up. To be called from time to time. */
    void expire() {
        long now = nanoTime.getAsLong();
        for (Waiting head = first; head != null && now - head.sinceNanos >= timeoutNanos; head = first) {
            unlink(head);
            head.overdue();
        }
    }
}
