package io.headgate.batching;

/**
 * Takes what a log still holds, once, while it is being opened. Entries of one table come in the order of their
 * positions. One thread.
 */
@FunctionalInterface
public interface RecoveryConsumer extends EntryConsumer {
    /**
     * An entry carried this key, and may have left the log since. All such keys come before the first entry, in the order
     * of their positions.
     *
     * @param position the entry's
     * @param receiveTimeMillis wall time of its receipt, in milliseconds since 1970
     */
    default void key(long position, long receiveTimeMillis, IdempotencyKey key) {}

    /**
     * The log noted at some time that the table had all its rows below {@code position}. A later note comes later.
     *
     * @param rows how many rows the log's entries below that position held, since the log began; those that the table
     *     could not take included
     */
    default void committed(LoggedTable table, long position, long rows) {}

    /**
     * An operator gave up the table's rows below {@code position}: they are not to be committed any more.
     *
     * @param where to what place they were exported
     */
    default void abandoned(LoggedTable table, long position, String where) {}
}
