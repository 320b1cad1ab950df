package io.headgate.simulation;

import io.headgate.batching.IdempotencyKey;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One request of a client and what is known to have become of it. Its rows are numbers that no other request has. */
final class Request {
    /** What the client was told. */
    enum Outcome {
        /** On its way to a stream; nothing was stored. */
        SENT,
        /** Accepted: it will be acked, or the process ends. */
        OFFERED,
        /** The rows of an earlier attempt stand for its own: that one's answer is its answer. */
        JOINED,
        REPLAYED,
        REFUSED,
        ACKED
    }

    private static final int ENTRY_HEADER_BYTES = 40;
    private static final int KEY_TAG_BYTES = 27;

    final LoggedSchema schema;
    final int firstRow;
    final int rowCount;
    Outcome outcome = Outcome.SENT;
    /** What it is an attempt of, and its body's digest; null if it has no key. */
    @Nullable
    KeyedRequest keyed;

    private long body;
    /** When it arrived; and the process that accepted it, if one did. */
    long receiveTimeMillis;

    @Nullable
    Gateway acceptedBy;
    /** Why it was refused; empty if it was not. */
    String refusal = "";
    /** Where the log put it, once anybody could know; else -1. */
    long position = -1;
    /** Whether all its rows are in the table, or put aside as the table could not take them any more. */
    boolean landed;
    /** Whether somebody removed them from the table again. */
    boolean replaced;

    Request(LoggedSchema schema, int firstRow, int rowCount) {
        this.schema = schema;
        this.firstRow = firstRow;
        this.rowCount = rowCount;
    }

    /** Makes it an attempt of a keyed request. */
    void attemptOf(KeyedRequest of, long itsBody) {
        keyed = of;
        body = itsBody;
        of.sent(this);
    }

    @Nullable
    IdempotencyKey key() {
        return keyed == null ? null : keyed.with(body);
    }

    long body() {
        return body;
    }

    LoggedTable table() {
        return schema.table();
    }

    int payloadBytes() {
        return rowCount * Integer.BYTES;
    }

    /** What it counts against its table's budget. */
    int entryBytes() {
        return ENTRY_HEADER_BYTES + (keyed == null ? 0 : KEY_TAG_BYTES) + payloadBytes();
    }

    ByteBuffer payload() {
        ByteBuffer bytes = ByteBuffer.allocate(payloadBytes());
        for (int i = 0; i < rowCount; i++) {
            bytes.putInt(firstRow + i);
        }
        return bytes.flip();
    }

    @Override
    public String toString() {
        return "rows " + firstRow + "+" + rowCount + " of " + table().id().value() + " (" + outcome + ", position "
                + position + (keyed == null ? "" : ", of " + keyed + ", body " + body)
                + (landed ? ", in the table" : "") + ")";
    }
}
