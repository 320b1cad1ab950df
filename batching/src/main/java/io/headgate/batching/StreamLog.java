package io.headgate.batching;

import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.IOException;

/**
 * A durable, ordered log of accepted requests that any number of readers follow by position. One log serves all tables.
 *
 * <p>What an implementation owes: an append is handed to the {@link GroupListener} only once it is durable; positions
 * ascend in the order of {@link #offer} calls that do not overlap, are never reused once anyone could have seen them,
 * and survive an empty log; a reader never sees an entry at or beyond {@link #forcedPosition}. A log that can no longer
 * keep this fails: it reports the cause once to whoever opened it, forces and acks nothing more, and the process must
 * end. (On Kafka: log = topic partition, position = offset, forced = acks=all high watermark.)
 */
public interface StreamLog extends AutoCloseable {
    /** What became of an {@link #offer}. */
    enum Offer {
        /** The append will be forced and acked, or the process ends without an answer. */
        ACCEPTED,
        /** There is no room now; nothing happened. */
        NO_ROOM,
        /** The log is closed or has failed; nothing happened. */
        CLOSED
    }

    /** Names this log for ever; part of what Delta transactions are keyed by. */
    String id();

    /** Begins to take appends. Called once, after recovery was delivered. */
    void start(GroupListener listener);

    /** What an append counts against byte budgets: its header, tags and payload as stored. Any thread. */
    int sizeOf(Append append);

    /**
     * Queues an append. Never blocks; any thread. Appends of one thread keep their order.
     *
     * @throws IllegalArgumentException if the entry, or what declares its table and schema, exceeds the log's largest
     *     entry size, with a message that says by how much; nothing happened
     */
    Offer offer(Append append);

    /** The lowest position still held; equals {@link #forcedPosition} when nothing is. */
    long firstPosition();

    /** One past the last durable position; what the next append will get at the least. Any thread. */
    long forcedPosition();

    /**
     * Delivers the entries of one table within a range, in order. Blocking; any thread but the writer's.
     *
     * @throws IOException if the log cannot be read or is damaged there; entries delivered so far are right
     * @throws IllegalArgumentException if the range reaches beyond {@link #forcedPosition} or below
     *     {@link #firstPosition}
     */
    void read(StreamRange range, TableId table, EntryConsumer consumer) throws IOException;

    /** Lets go of all entries below {@code position}, in its own time. Their rows must be durable elsewhere. Any thread. */
    void trim(long position);

    /** Bytes that the log occupies on its medium now. Any thread. */
    long sizeBytes();

    /** Forces and hands back what was accepted, then stops. */
    @Override
    void close() throws IOException;
}
