package io.headgate.batching;

/** A range of the log would make more data files than one commit is to have; a shorter one would not. */
public final class RangeTooWideException extends Exception {
    private final long to;

    /** @param to the exclusive end of a range that would do: beyond the first entry, before the end asked for */
    public RangeTooWideException(long to, String message) {
        super(message);
        this.to = to;
    }

    public long to() {
        return to;
    }
}
