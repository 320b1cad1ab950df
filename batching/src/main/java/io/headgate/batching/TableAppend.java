package io.headgate.batching;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An append that knows its stream and whom to tell. */
final class TableAppend extends Append implements Ack {
    private final TableStream stream;
    private final @Nullable IdempotencyKey key;
    private final Executor loop;
    private final AckHandler ack;
    private List<Ack> retries = List.of(); // guarded by the window's lock until no more can come
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
        this.key = key;
        this.loop = loop;
        this.ack = ack;
    }

    /** A request under the same key that came meanwhile. */
    private record Retry(TableAppend first, Executor loop, AckHandler ack) implements Ack {
        @Override
        public void acknowledge() {
            ack.durable(position(), true);
        }

        @Override
        public long position() {
            return first.position();
        }
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

    @Nullable
    IdempotencyKey key() {
        return key;
    }

    AckHandler ack() {
        return ack;
    }

    /** Has another request under its key answered with it. */
    void alsoTell(Executor retryLoop, AckHandler retryAck) {
        if (retries.isEmpty()) {
            retries = new ArrayList<>(1);
        }
        retries.add(new Retry(this, retryLoop, retryAck));
    }

    /** Who else waits for it. */
    List<Ack> retries() {
        return retries;
    }

    @Override
    public Executor loop() {
        return loop;
    }

    @Override
    public void acknowledge() {
        ack.durable(position(), false);
    }
}
