package io.headgate.batching;

import io.headgate.model.TableId;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects what the log still holds while it is being recovered: per table, where its entries lie. One thread. */
public final class RecoveredEntries implements RecoveryConsumer {
    private final Map<TableId, Recovered> tables = new LinkedHashMap<>();

    @Override
    public void accept(LogEntry entry) {
        LoggedTable table = entry.schema().table();
        Recovered known = tables.get(table.id());
        // The newest name and location win: the table may have moved between two runs.
        Extents extents = known == null ? new Extents() : known.extents;
        if (known == null || !known.table.equals(table)) {
            tables.put(table.id(), new Recovered(table, extents));
        }
        extents.add(entry.position(), entry.sizeBytes(), entry.rowCount());
    }

    Iterable<Recovered> tables() {
        return tables.values();
    }

    record Recovered(LoggedTable table, Extents extents) {}
}
