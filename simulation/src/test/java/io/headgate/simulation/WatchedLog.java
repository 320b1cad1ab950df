package io.headgate.simulation;

import io.headgate.batching.Append;
import io.headgate.batching.EntryConsumer;
import io.headgate.batching.GroupListener;
import io.headgate.batching.LogRun;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.StreamLog;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import io.headgate.wal.LocalLog;
import java.io.IOException;
import java.util.List;

/** The log as the streams see it: what they learn from it and do to it is held against the ledger. */
final class WatchedLog implements StreamLog {
    private final World world;
    private final Gateway gateway;
    private final LocalLog log;

    WatchedLog(World world, Gateway gateway, LocalLog log) {
        this.world = world;
        this.gateway = gateway;
        this.log = log;
    }

    @Override
    public String id() {
        return log.id();
    }

    @Override
    public List<LogRun> runs() {
        return log.runs();
    }

    @Override
    public void start(GroupListener listener) {
        log.start(group -> {
            gateway.forced(group);
            gateway.othersGoOn();
            listener.forced(group);
        });
    }

    @Override
    public int sizeOf(Append append) {
        return log.sizeOf(append);
    }

    @Override
    public Offer offer(Append append) {
        Offer offer = log.offer(append);
        if (offer == Offer.ACCEPTED) {
            gateway.accepted(append);
        }
        return offer;
    }

    @Override
    public long firstPosition() {
        return log.firstPosition();
    }

    @Override
    public long forcedPosition() {
        return log.forcedPosition();
    }

    @Override
    public long read(StreamRange range, TableId table, EntryConsumer consumer) throws IOException {
        long[] last = {range.from() - 1};
        long[] count = {0};
        long owed = gateway.machine().ledger().countOwed(range, table);
        try {
            long lookedAt = log.read(range, table, entry -> {
                world.violations.unless(
                        entry.schema().table().id().equals(table)
                                && entry.position() > last[0]
                                && entry.position() < range.to(),
                        () -> "Reading " + range + " of " + table + " yields position " + entry.position() + " of "
                                + entry.schema().table().id() + " after " + last[0]);
                last[0] = entry.position();
                gateway.wasRead(entry);
                count[0]++;
                consumer.accept(entry);
            });
            world.violations.unless(
                    count[0] >= owed,
                    () -> "Reading " + range + " of " + table + " yields " + count[0] + " of " + owed + " entries");
            return lookedAt;
        } catch (IOException e) {
            gateway.callFailed();
            throw e;
        }
    }

    @Override
    public void committed(LoggedTable table, long position, long rows) {
        world.landings.look();
        gateway.machine().ledger().checkNote(table, position, rows);
        log.committed(table, position, rows);
    }

    @Override
    public long park(LoggedTable table, long from) throws IOException {
        long to = log.park(table, from);
        gateway.parked(table, from, to);
        return to;
    }

    @Override
    public long parkedBytes() {
        return log.parkedBytes();
    }

    @Override
    public void trim(long position) {
        world.invariants.trimmed(gateway, position);
        log.trim(position);
    }

    @Override
    public long sizeBytes() {
        return log.sizeBytes();
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
