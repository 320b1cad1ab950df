package io.headgate.batching;

import java.time.Duration;
import java.util.Map;

/**
 * How the shared streams batch and what they hold.
 *
 * @param everyTable tables without settings of their own
 * @param tables single tables, by {@code catalog.schema.table}
 * @param logPressureBytes log size from which the table that pins the oldest entries is committed early, or has them
 *     parked if it is sick
 * @param parkedBytes entry bytes that all sick tables together may hold between ack and commit; 0 or more
 * @param groupDelayMax how long the log is kept from its next group, at the most, until the acks of the one before are
 *     sent; zero where the thread that drives the log gives them too
 * @param retryDelayMin the pause after a first failure; it doubles from there
 * @param retryDelayMax the longest pause between attempts at a table in trouble
 */
public record StreamSettings(
        TableSettings everyTable,
        Map<String, TableSettings> tables,
        long logPressureBytes,
        long parkedBytes,
        Duration groupDelayMax,
        Duration retryDelayMin,
        Duration retryDelayMax) {
    public StreamSettings {
        tables = Map.copyOf(tables);
    }

    TableSettings of(LoggedTable table) {
        return tables.getOrDefault(table.name().toString(), everyTable);
    }
}
