package io.headgate.batching;

import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.IOException;
import java.util.List;

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

    /**
     * The processes that this log went through, as far back as it remembers, the present one last. Never empty. Any
     * thread.
     */
    List<LogRun> runs();

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

    /** The lowest position still held, parked entries apart; equals {@link #forcedPosition} when nothing is. */
    long firstPosition();

    /** One past the last durable position; what the next append will get at the least. Any thread. */
    long forcedPosition();

    /**
     * Delivers the entries of one table within a range, in order, and passes over those of others. Blocking; any thread but
     * the writer's.
     *
     * @return how many positions were looked at, those of other tables among them
     * @throws IOException if the log cannot be read or is damaged there; entries delivered so far are right
     * @throws IllegalArgumentException if the range reaches beyond {@link #forcedPosition}, or below
     *     {@link #firstPosition} where nothing of the table is parked
     */
    long read(StreamRange range, TableId table, EntryConsumer consumer) throws IOException;

    /**
     * Notes that a table has all its rows below {@code position}, so that a later start knows it even if the table no
     * longer says so, and lets go of what was parked of it below. Written lazily: a crash may lose it, a close does not.
     * But no entry that it covers leaves the log, or what is parked, before a note that covers it is durable. Any thread;
     * cheap.
     *
     * @param rows how many rows the table's entries below that position held, since the log began
     */
    void committed(LoggedTable table, long position, long rows);

    /**
     * Copies a table's entries from {@code from} on, as far as the oldest part of the log has any, to a place of their
     * own, so that they no longer keep that part from being trimmed. Their positions stay, and {@link #read} finds them
     * there. Blocking; any thread but the writer's.
     *
     * @param from the lowest position that the table does not have yet
     * @return all entries of the table below this position are parked, durably; {@code from} if there is nothing to park
     * @throws IOException if there is no room for them, or the disk fails; nothing has changed
     */
    long park(LoggedTable table, long from) throws IOException;

    /** Bytes that parked entries occupy. Any thread. */
    long parkedBytes();

    /** Lets go of all entries below {@code position}, in its own time. Their rows must be durable elsewhere, or parked. Any thread. */
    void trim(long position);

    /** Bytes that the log occupies on its medium now, parked entries apart. Any thread. */
    long sizeBytes();

    /** Forces and hands back what was accepted, then stops. */
    @Override
    void close() throws IOException;
}
