package io.headgate.batching;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One accepted request on its way into the log. The caller keeps hands off the payload from {@link StreamLog#offer} on.
 * The log calls {@link #assigned} on its writer thread before the bytes are written, and hands the whole append back
 * through {@link GroupListener#forced} once they are durable.
 */
public abstract class Append {
    private final LoggedSchema schema;
    private final int rowCount;
    private final long receiveTimeMillis;
    private final List<EntryTag> tags;
    private final ByteBuffer payload;
    private long position = -1;

    /**
     * @param schema what the payload was encoded under
     * @param rowCount rows in the payload, 1 or more
     * @param receiveTimeMillis wall time of receipt, in milliseconds since 1970
     * @param tags optional header fields, in ascending order of id
     * @param payload the encoded rows, from its position to its limit
     */
    protected Append(
            LoggedSchema schema, int rowCount, long receiveTimeMillis, List<EntryTag> tags, ByteBuffer payload) {
        this.schema = schema;
        this.rowCount = rowCount;
        this.receiveTimeMillis = receiveTimeMillis;
        this.tags = tags;
        this.payload = payload;
    }

    public final LoggedSchema schema() {
        return schema;
    }

    public final int rowCount() {
        return rowCount;
    }

    public final long receiveTimeMillis() {
        return receiveTimeMillis;
    }

    public final List<EntryTag> tags() {
        return tags;
    }

    public final ByteBuffer payload() {
        return payload;
    }

    /** The position given by the log. Defined once forced. */
    public final long position() {
        return position;
    }

    /** For the log alone: the position that this append is written under. */
    public final void assigned(long assignedPosition) {
        this.position = assignedPosition;
    }
}
