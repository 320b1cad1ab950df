package io.headgate.gateway.cli;

import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.RecoveryConsumer;
import io.headgate.model.TableId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a log has of each table while it is opened: where that begins, and what was noted of it. One thread. */
final class LogShares implements RecoveryConsumer {
    private final Map<TableId, Share> shares = new LinkedHashMap<>();

    /**
     * One table's.
     *
     * @param table as the log knows it last
     * @param from its lowest position; {@code Long.MAX_VALUE} if there is none
     * @param settledTo below this its rows are in the table or were abandoned, as the log notes
     */
    record Share(LoggedTable table, long from, long settledTo) {
        Share lowest(long position) {
            return new Share(table, Math.min(from, position), settledTo);
        }

        Share settled(long position) {
            return new Share(table, from, Math.max(settledTo, position));
        }
    }

    @Override
    public void accept(LogEntry entry) {
        LoggedTable table = entry.schema().table();
        shares.put(table.id(), of(table).lowest(entry.position()));
    }

    @Override
    public void committed(LoggedTable table, long position, long rows) {
        shares.put(table.id(), of(table).settled(position));
    }

    @Override
    public void abandoned(LoggedTable table, long position, String where) {
        shares.put(table.id(), of(table).settled(position));
    }

    private Share of(LoggedTable table) {
        Share known = shares.getOrDefault(table.id(), new Share(table, Long.MAX_VALUE, 0));
        return new Share(table, known.from, known.settledTo);
    }

    Collection<Share> all() {
        return shares.values();
    }
}
