package io.headgate.gateway.http;

import io.headgate.batching.IdempotencyKey;
import io.headgate.schema.DecodedRows;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The rejected records of one request, as rows of the quarantine table.
 *
 * @param key what they are known by across retries of their request; null if that has none
 */
record Quarantined(Target into, DecodedRows rows, @Nullable IdempotencyKey key) {
    /**
     * Queues them.
     *
     * @param durable run on {@code loop} once they are, or were before
     * @throws io.headgate.model.RefusedException as {@link io.headgate.batching.TableStream#append} does
     */
    void append(long receivedMillis, Executor loop, Runnable durable) {
        into.stream()
                .append(
                        into.logged(),
                        rows.rowCount(),
                        receivedMillis,
                        rows.payload(),
                        key,
                        loop,
                        (position, replayed) -> {
                            if (!replayed) {
                                into.stream().answered(rows.rowCount());
                            }
                            durable.run();
                        });
    }
}
