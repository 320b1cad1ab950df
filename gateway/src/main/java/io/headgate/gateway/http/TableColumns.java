package io.headgate.gateway.http;

import io.headgate.model.RefusedException;
import io.headgate.schema.ServerColumns;
import io.headgate.schema.TableSchema;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The columns of one version of a table that the gateway writes, for each set of pins in use: fleets have few, whatever
 * the number of their devices. Any thread.
 */
final class TableColumns {
    private static final int PIN_SETS_MAX = 100;

    private final TableSchema schema;
    private final ServerColumns set;
    private final Map<Set<String>, ServerColumns> pinned = new ConcurrentHashMap<>();

    TableColumns(TableSchema schema, ServerColumns set) {
        this.schema = schema;
        this.set = set;
    }

    /**
     * @param pins the columns that the caller's grant pins to its subject
     * @throws RefusedException PERMISSION_DENIED if the table cannot hold them
     */
    ServerColumns pinnedTo(Set<String> pins) {
        if (pins.isEmpty()) {
            return set;
        }
        ServerColumns known = pinned.get(pins);
        if (known != null) {
            return known;
        }
        ServerColumns made = set.pinnedTo(schema, pins);
        if (pinned.size() >= PIN_SETS_MAX) {
            pinned.clear();
        }
        pinned.put(pins, made);
        return made;
    }
}
