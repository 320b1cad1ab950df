package io.headgate.batching;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One table's share of the log: admits appends within the table's byte budget and keeps account of what is pending. */
public final class TableStream {
    private static final int RETRY_AFTER_SECONDS = 2;

    private final LoggedTable table;
    private final StreamLog log;
    private final TableSettings settings;
    private final ByteBudget unflushed;
    private final PendingRows pending;
    private final @Nullable IdempotencyWindow keys;
    private final RecentCommits commits = new RecentCommits();
    private final RowAudit audit;
    private final Gate everyTable;
    private final Gate thisTable = new Gate();
    private final LongConsumer wakeCommitterInNanos;
    private volatile boolean retired;

    TableStream(
            LoggedTable table,
            StreamLog log,
            TableSettings settings,
            ByteBudget unflushed,
            PendingRows pending,
            @Nullable IdempotencyWindow keys,
            RowAudit audit,
            Gate everyTable,
            LongConsumer wakeCommitterInNanos) {
        this.table = table;
        this.log = log;
        this.settings = settings;
        this.unflushed = unflushed;
        this.pending = pending;
        this.keys = keys;
        this.audit = audit;
        this.everyTable = everyTable;
        this.wakeCommitterInNanos = wakeCommitterInNanos;
    }

    public LoggedTable table() {
        return table;
    }

    /**
     * Answers a request whose key is known without its rows: at once if those of the first are durable, or together with
     * them. So a retry is answered whatever became of the table since. Never blocks; any thread.
     *
     * @param key what the request is known by
     * @param loop where {@code ack} is to be called
     * @param ack called once the rows of the first are durable, if the key is known
     * @return whether it is
     * @throws RefusedException KEY_REUSED if the key came with another body
     */
    public boolean answer(IdempotencyKey key, Executor loop, AckHandler ack) {
        return window().answer(key, loop, ack);
    }

    /**
     * Queues encoded rows. Never blocks; any thread, usually the request's event loop. The payload must not change
     * afterwards.
     *
     * @param schema what the rows were encoded under; of this stream's table
     * @param rowCount rows in the payload, 1 or more
     * @param receiveTimeMillis wall time of receipt, in milliseconds since 1970
     * @param payload the rows, from its position to its limit
     * @param key what the request is known by across its retries, null if it is not; if another came first, its rows
     *     stand for these, as {@link #answer} says
     * @param loop where {@code ack} is to be called
     * @param ack called once the rows are durable
     * @throws RefusedException UNAVAILABLE, NOT_IMPLEMENTED if the log cannot keep the schema, or KEY_REUSED if the key
     *     came with another body, and nothing happened; otherwise the append will be acked or the process ends
     */
    public void append(
            LoggedSchema schema,
            int rowCount,
            long receiveTimeMillis,
            ByteBuffer payload,
            @Nullable IdempotencyKey key,
            Executor loop,
            AckHandler ack) {
        TableAppend append = new TableAppend(this, schema, rowCount, receiveTimeMillis, payload, key, loop, ack);
        if (key == null) {
            admit(append);
        } else {
            window().append(key, append, () -> admit(append));
        }
    }

    private IdempotencyWindow window() {
        if (keys == null) {
            throw new IllegalStateException("These streams were opened without a window for keys");
        }
        return keys;
    }

    /**
     * Refuses a request that {@link #append} would refuse whatever its rows are, before anything is spent on them. One that
     * passes may be refused all the same. Any thread.
     *
     * @throws RefusedException UNAVAILABLE
     */
    public void requireRoom() {
        everyTable.check();
        thisTable.check();
        if (unflushed.isFull()) {
            throw full();
        }
    }

    private void admit(TableAppend append) {
        everyTable.check();
        thisTable.check();
        append.reserved(reserve(append));
        if (retired) { // looked at after the reservation: see retire
            unflushed.release(append.sizeBytes());
            throw Refusal.unavailable(
                            "Table " + table.name() + " was not there for a while and must be looked at again. Nothing"
                                    + " was stored; send the request again.",
                            RETRY_AFTER_SECONDS)
                    .asException();
        }
        StreamLog.Offer offer = offer(append);
        if (offer != StreamLog.Offer.ACCEPTED) {
            unflushed.release(append.sizeBytes());
            throw refusal(offer).asException();
        }
    }

    private StreamLog.Offer offer(TableAppend append) {
        try {
            return log.offer(append);
        } catch (IllegalArgumentException e) {
            // Rows were checked against the limit; what is left is a schema too large to be kept beside them.
            unflushed.release(append.sizeBytes());
            throw Refusal.of(Refusal.Code.NOT_IMPLEMENTED, "Table " + table.name() + ": " + e.getMessage())
                    .asException();
        }
    }

    private int reserve(TableAppend append) {
        int sizeBytes = log.sizeOf(append);
        if (!unflushed.tryReserve(sizeBytes)) {
            throw full();
        }
        return sizeBytes;
    }

    private RefusedException full() {
        return Refusal.unavailable(
                        "Table " + table.name() + " has " + unflushed.usedBytes() + " bytes of rows waiting to be"
                                + " committed, " + whyNoMore()
                                + ". Nothing was stored; send the request again later.",
                        RETRY_AFTER_SECONDS)
                .asException();
    }

    private String whyNoMore() {
        return unflushed.maxBytes() < settings.unflushedBytes()
                ? "and has been in trouble for a while: all tables in trouble together may have no more than"
                        + " log.parked-bytes. GET /health/ready on the management port says what is wrong with it"
                : "the most that it may have (limits.table-unflushed-bytes, or unflushed-bytes of the table)";
    }

    private static Refusal refusal(StreamLog.Offer offer) {
        return switch (offer) {
            case ACCEPTED -> throw new IllegalArgumentException("Not a refusal: " + offer);
            case NO_ROOM ->
                Refusal.unavailable(
                        "The log has no room: its disk is full, log.max-bytes is reached, or more arrives than the disk"
                                + " takes. Nothing was stored; send the request again later.",
                        RETRY_AFTER_SECONDS);
            case CLOSED ->
                Refusal.unavailable(
                        "The gateway is stopping. Nothing was stored; send the request again.", RETRY_AFTER_SECONDS);
        };
    }

    /** The rows are durable. On the log's writer thread. */
    void forced(TableAppend append, long nowNanos) {
        IdempotencyKey key = append.key();
        if (key != null) {
            window().forced(key, append, nowNanos);
        }
        long before = pending.add(append.position(), append.sizeBytes(), append.rowCount(), nowNanos);
        long target = settings.fileTargetBytes();
        if (before < target && before + append.sizeBytes() >= target) {
            wakeCommitterInNanos.accept(0);
        } else if (before == 0) {
            wakeCommitterInNanos.accept(settings.commitInterval().toNanos());
        }
    }

    /** The table cannot take the pending rows: accept no more until it can. */
    void halt(String problem) {
        thisTable.close(Refusal.unavailable(
                "Table " + table.name() + " cannot take rows now: " + problem, RETRY_AFTER_SECONDS));
    }

    void resume() {
        thisTable.open();
    }

    boolean halted() {
        return thisTable.closedBy() != null;
    }

    /** Reserved bytes of rows that are not in the table yet, those on their way into the log included. */
    long heldBytes() {
        return unflushed.usedBytes();
    }

    /** Bounds {@link #heldBytes} more tightly than the table's own settings do; {@code Long.MAX_VALUE} for them alone. */
    void limitHeld(long bytes) {
        unflushed.limit(Math.min(bytes, settings.unflushedBytes()));
    }

    /**
     * Closes a halted stream for good, unless it holds anything. Whoever reserves before this looks is seen; whoever
     * reserves later sees that the stream is retired.
     */
    boolean retire() {
        retired = true;
        retired = halted() && unflushed.usedBytes() == 0;
        return retired;
    }

    /** Whether this stream takes nothing ever again, and a new one must be {@linkplain SharedStreams#open opened}. */
    public boolean isRetired() {
        return retired;
    }

    /** The edge acknowledged rows that this stream took. Any thread. */
    public void answered(int rows) {
        audit.answered(rows);
    }

    /**
     * What became of an acked request, as far as this process remembers; null if only {@link SharedStreams#lookUp} can
     * tell. Any thread; does not block.
     */
    public @Nullable Landing landing(long position) {
        return commits.of(position);
    }

    /**
     * Has {@code follower} run after each commit to the table, on its thread: it must return at once, and may ask {@link
     * #landing}. Any thread.
     */
    public void follow(Runnable follower) {
        commits.follow(follower);
    }

    /** Undoes {@link #follow}. Any thread. */
    public void unfollow(Runnable follower) {
        commits.unfollow(follower);
    }

    RecentCommits commits() {
        return commits;
    }

    RowAudit audit() {
        return audit;
    }

    PendingRows pending() {
        return pending;
    }
}
