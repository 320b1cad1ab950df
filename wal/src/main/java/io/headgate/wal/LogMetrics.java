package io.headgate.wal;

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

    /** What is done off the writer's path. */
    enum Chore {
        /** A segment is made ready ahead of need. */
        PREPARE,
        /** A trimmed segment is deleted, or made ready for another use. */
        DELETE
    }

    /** A chore cannot be done now; tried again about once a second, and told each time. Preallocator thread. */
    void retrying(Chore chore, String why);

    /** Nothing is in the way of a chore, any more or still. Preallocator thread. */
    void unhindered(Chore chore);

    /**
     * Keys that should outlive their segment do not: key files have reached their bound, or something is damaged.
     * Preallocator thread, or whoever opens the log.
     *
     * @param keys how many, at the most
     */
    void keysLost(int keys, String why);

    /** Takes no notice. */
    static LogMetrics none() {
        return new LogMetrics() {
            @Override
            public void groupForced(int appends, int bytes, long writeNanos, long forceNanos) {}

            @Override
            public void refused() {}

            @Override
            public void retrying(Chore chore, String why) {}

            @Override
            public void unhindered(Chore chore) {}

            @Override
            public void keysLost(int keys, String why) {}
        };
    }
}
