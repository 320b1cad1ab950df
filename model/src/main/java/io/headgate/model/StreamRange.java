package io.headgate.model;

/**
 * A half-open range of log positions, {@code [from, to)}. A position numbers one accepted request; positions of one log
 * are never reused and never restart.
 *
 * @param from the first position, 0 or more
 * @param to one past the last position, {@code from} or more
 */
public record StreamRange(long from, long to) {
    /** @throws IllegalArgumentException if the range is negative or reversed */
    public StreamRange {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("Not a range of positions: [" + from + ", " + to + ")");
        }
    }

    /** Whether {@code position} lies in the range. */
    public boolean contains(long position) {
        return position >= from && position < to;
    }

    @Override
    public String toString() {
        return "[" + from + ", " + to + ")";
    }
}
