package io.headgate.gateway;

import io.headgate.batching.IdempotencyKey;
import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.RecoveryConsumer;
import io.headgate.gateway.clock.ClockGuard;
import java.io.IOException;

/** Tells a clock guard when recovered entries were received, and passes everything on. */
record ReceiveTimes(RecoveryConsumer next, ClockGuard clock) implements RecoveryConsumer {
    @Override
    public void accept(LogEntry entry) throws IOException {
        clock.received(entry.receiveTimeMillis());
        next.accept(entry);
    }

    @Override
    public void key(long position, long receiveTimeMillis, IdempotencyKey key) {
        next.key(position, receiveTimeMillis, key);
    }

    @Override
    public void committed(LoggedTable table, long position, long rows) {
        next.committed(table, position, rows);
    }

    @Override
    public void abandoned(LoggedTable table, long position, String where) {
        next.abandoned(table, position, where);
    }
}
