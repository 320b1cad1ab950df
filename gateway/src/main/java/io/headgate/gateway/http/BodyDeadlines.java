package io.headgate.gateway.http;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how long bodies take to arrive: all have the same time, so those that wait form a queue with the most urgent
 * in front. A body that comes with its head joins and leaves without an allocation or a timer. One thread.
 */
final class BodyDeadlines {
    /** Somebody whose body has not arrived in full. */
    abstract static class Waiting {
        private @Nullable Waiting previous;
        private @Nullable Waiting next;
        private long sinceNanos;
        private boolean waits;

        /** The body took too long. No longer in the queue when called. */
        abstract void bodyOverdue();
    }

    private final long timeoutNanos;
    private final LongSupplier nanoTime;
    private @Nullable Waiting first;
    private @Nullable Waiting last;

    BodyDeadlines(long timeoutNanos, LongSupplier nanoTime) {
        this.timeoutNanos = timeoutNanos;
        this.nanoTime = nanoTime;
    }

    void add(Waiting waiting) {
        waiting.sinceNanos = nanoTime.getAsLong();
        waiting.waits = true;
        waiting.previous = last;
        if (last == null) {
            first = waiting;
        } else {
            last.next = waiting;
        }
        last = waiting;
    }

    /** Does nothing for one that does not wait. */
    void remove(Waiting waiting) {
        if (!waiting.waits) {
            return;
        }
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
        waiting.waits = false;
    }

    /** Tells all whose time is up. To be called from time to time. */
    void expire() {
        long now = nanoTime.getAsLong();
        for (Waiting head = first; head != null && now - head.sinceNanos >= timeoutNanos; head = first) {
            remove(head);
            head.bodyOverdue();
        }
    }
}
