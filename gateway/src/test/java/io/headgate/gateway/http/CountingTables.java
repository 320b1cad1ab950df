package io.headgate.gateway.http;

import io.headgate.batching.Landing;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.TableWriter;
import io.headgate.model.StreamRange;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;

/** Tables that remember only up to where they were committed. */
final class CountingTables implements TableWriter {
    private record Snapshot(OptionalLong committedTo, long version) implements TableSnapshot {
        @Override
        public boolean sameLayout(TableSnapshot other) {
            return true;
        }
    }

    private volatile CountDownLatch held = new CountDownLatch(0);

    private record Rows(long rowCount, long rejectedRows, long sizeBytes) implements DataFile {}

    @Override
    public TableSnapshot load(LoggedTable table) {
        return new Snapshot(OptionalLong.empty(), 0);
    }

    @Override
    public DataFile write(LoggedTable table, TableSnapshot target, StreamRange range, int attempt, EntrySource entries)
            throws IOException {
        long[] rows = new long[1];
        entries.forEach(entry -> rows[0] += entry.rowCount());
        return new Rows(rows[0], 0, rows[0]);
    }

    /** Lets commits wait until {@link #letGo}. */
    void hold() {
        held = new CountDownLatch(1);
    }

    void letGo() {
        held.countDown();
    }

    @Override
    public TableSnapshot commit(LoggedTable table, TableSnapshot base, StreamRange range, DataFile file)
            throws IOException {
        try {
            held.await();
        } catch (InterruptedException e) {
            throw new IOException("The test is over", e);
        }
        return new Snapshot(OptionalLong.of(range.to()), base.version() + 1);
    }

    @Override
    public boolean tookIn(LoggedTable table, TableSnapshot base, TableSnapshot current, DataFile file) {
        return false;
    }

    @Override
    public boolean isStillThere(LoggedTable table, TableSnapshot version) {
        return true;
    }

    @Override
    public Optional<String> committedBy(LoggedTable table, TableSnapshot current) {
        return Optional.empty();
    }

    @Override
    public Landing landing(LoggedTable table, long position) throws IOException {
        throw new IOException("nothing is remembered");
    }

    @Override
    public int removeLeftovers(LoggedTable table, TableSnapshot current, long from) {
        return 0;
    }
}
