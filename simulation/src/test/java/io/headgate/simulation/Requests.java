package io.headgate.simulation;

import io.headgate.batching.IdempotencyKey;
import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedSchema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All requests ever sent, found by their rows. */
final class Requests {
    private final List<Request> byRow = new ArrayList<>();
    private final List<Request> all = new ArrayList<>();

    Request next(LoggedSchema schema, int rowCount) {
        Request request = new Request(schema, byRow.size(), rowCount);
        for (int i = 0; i < rowCount; i++) {
            byRow.add(request);
        }
        all.add(request);
        return request;
    }

    List<Request> all() {
        return all;
    }

    /** The request that a row is of; null if nobody ever sent it. */
    @Nullable
    Request of(int row) {
        return row >= 0 && row < byRow.size() ? byRow.get(row) : null;
    }

    /** The request that a payload begins with rows of; null if it does not. */
    @Nullable
    Request of(ByteBuffer payload) {
        return payload.remaining() >= Integer.BYTES ? of(payload.getInt(payload.position())) : null;
    }

    /** The request that an entry holds, whole and unchanged; null if it does not. */
    @Nullable
    Request of(LogEntry entry) {
        ByteBuffer payload = entry.payload();
        Request request = of(payload);
        boolean same = request != null
                && request.schema.equals(entry.schema())
                && request.rowCount == entry.rowCount()
                && Objects.equals(request.key(), IdempotencyKey.of(entry.tags()))
                && request.payload().equals(payload);
        return same ? request : null;
    }
}
