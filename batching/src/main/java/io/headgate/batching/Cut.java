package io.headgate.batching;

/**
 * Measures the run of entries that lies across a position, entry by entry, so that it can be cut there: what is left
 * begins with an entry, since before it there may be positions that the log no longer holds.
 */
final class Cut implements EntryConsumer {
    private final long position;
    private long from = Long.MAX_VALUE;
    private Extents.Size below = Extents.Size.NONE;

    /** @param position where to cut */
    Cut(long position) {
        this.position = position;
    }

    @Override
    public void accept(LogEntry entry) {
        if (entry.position() < position) {
            below = below.plus(entry.sizeBytes(), entry.rowCount());
        } else {
            from = Math.min(from, entry.position());
        }
    }

    long position() {
        return position;
    }

    /** The first position of what is left. */
    long from() {
        return from;
    }

    /** What is cut off. */
    Extents.Size below() {
        return below;
    }
}
