package io.headgate.batching;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One accepted request, read back from the log.
 *
 * @param position its position
 * @param schema what the payload was encoded under
 * @param rowCount rows in the payload
 * @param receiveTimeMillis wall time of receipt, in milliseconds since 1970
 * @param tags optional header fields, unknown ones included
 * @param sizeBytes what the entry counts against byte budgets: the same as {@link StreamLog#sizeOf} said on the way in
 * @param payload the encoded rows; valid only during the call that delivers the entry
 */
public record LogEntry(
        long position,
        LoggedSchema schema,
        int rowCount,
        long receiveTimeMillis,
        List<EntryTag> tags,
        int sizeBytes,
        ByteBuffer payload) {}
