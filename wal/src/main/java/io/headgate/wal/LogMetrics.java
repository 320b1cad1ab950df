package io.headgate.wal;

import java.io.IOException;

/**
 * What the log tells about itself as it happens; how much it holds is asked with {@link LocalLog#state}. Appends per
 * force = appends / groups. Each method returns quickly and never throws.
 */
public interface LogMetrics {
    /**
     * A group became durable. Writer thread.
     *
     * @param appends accepted requests in it
     * @param bytes bytes written, padding included
     * @param writeNanos how long the write took
     * @param forceNanos how long the force took
     */
    void groupForced(int appends, int bytes, long writeNanos, long forceNanos);

    /** An append was refused because there was no room. Any thread. */
    void refused();

    /**
     * Something off the writer's path failed and will be tried again: a segment could not be prepared, or a trimmed one
     * not deleted. Preallocator thread.
     */
    void retrying(String what, IOException cause);

    /** Takes no notice. */
    static LogMetrics none() {
        return new LogMetrics() {
            @Override
            public void groupForced(int appends, int bytes, long writeNanos, long forceNanos) {}

            @Override
            public void refused() {}

            @Override
            public void retrying(String what, IOException cause) {}
        };
    }
}
