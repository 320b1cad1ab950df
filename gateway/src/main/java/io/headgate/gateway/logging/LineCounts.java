package io.headgate.gateway.logging;

import java.util.concurrent.atomic.LongAdder;

/** How many lines of one sort were not written. Any thread. */
public final class LineCounts {
    private final LongAdder dropped = new LongAdder();
    private final LongAdder leftOut = new LongAdder();

    LineCounts() {}

    void drop() {
        dropped.increment();
    }

    void leaveOut() {
        leftOut.increment();
    }

    /** Lines that found too many others waiting. */
    public long dropped() {
        return dropped.sum();
    }

    /** Lines that said the same as others of the last minute; told of in one line at its end. */
    public long leftOut() {
        return leftOut.sum();
    }
}
