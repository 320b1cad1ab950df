package io.headgate.batching;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An append that knows its stream and whom to tell. */
final class TableAppend extends Append {
    private final TableStream stream;
    private final Executor loop;
    private final AckHandler ack;
    private int sizeBytes;

    TableAppend(
            TableStream stream,
            LoggedSchema schema,
            int rowCount,
            long receiveTimeMillis,
            ByteBuffer payload,
            @Nullable IdempotencyKey key,
            Executor loop,
            AckHandler ack) {
        super(schema, rowCount, receiveTimeMillis, key == null ? List.of() : key.asTags(), payload);
        this.stream = stream;
        this.loop = loop;
        this.ack = ack;
    }

    /** What was reserved for it. */
    void reserved(int bytes) {
        this.sizeBytes = bytes;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    TableStream stream() {
        return stream;
    }

    Executor loop() {
        return loop;
    }

    void acknowledge() {
        ack.durable(position(), false);
    }
}
