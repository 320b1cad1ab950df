package io.headgate.batching;

/**
 * How far a table is: its entries below {@code position} need no commit any more.
 *
 * @param position one past the last of them, at the least
 * @param rows how many rows they held, since the log began
 */
record Progress(long position, long rows) {
    static final Progress NONE = new Progress(0, 0);
}
