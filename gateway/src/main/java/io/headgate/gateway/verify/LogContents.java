package io.headgate.gateway.verify;

import io.headgate.batching.LoggedTable;
import io.headgate.delta.DirectoryCatalog;
import io.headgate.delta.TableVersion;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import io.headgate.wal.Disk;
import io.headgate.wal.LogHead;
import io.headgate.wal.LogReport;
import io.headgate.wal.LogScan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a log holds, table by table.
 *
 * @param report its files
 * @param tables what it holds of each table, in order of first appearance
 */
public record LogContents(LogReport report, List<Table> tables) {
    public LogContents {
        tables = List.copyOf(tables);
    }

    /**
     * One table's share of the log.
     *
     * @param table the table as the log knows it
     * @param entries requests
     * @param rows their rows
     * @param sizeBytes bytes of those entries
     * @param pendingRows rows that the table did not have when it was looked at; empty if it was not looked at
     */
    public record Table(LoggedTable table, long entries, long rows, long sizeBytes, OptionalLong pendingRows) {}

    /**
     * Reads the whole log. The tables are looked at first: of what is committed meanwhile some may count as pending.
     *
     * @param names the tables to look at
     * @throws java.nio.file.NoSuchFileException if there is no log
     */
    public static LogContents read(Disk disk, DirectoryCatalog catalog, List<TableName> names) throws IOException {
        Map<TableId, SpanCounts> waiting = new LinkedHashMap<>();
        Optional<LogHead> head = headOf(disk);
        if (head.isPresent()) {
            for (TableName name : names) {
                watch(catalog, name, head.get().logId(), waiting);
            }
        }
        LogTally tally = new LogTally(waiting);
        LogReport report = LogScan.run(disk, tally);
        List<Table> tables = new ArrayList<>();
        for (LogTally.Counted counted : tally.tables()) {
            SpanCounts counts = waiting.get(counted.table().id());
            tables.add(new Table(
                    counted.table(),
                    counted.entries(),
                    counted.rows(),
                    counted.sizeBytes(),
                    counts == null ? OptionalLong.empty() : OptionalLong.of(counts.total())));
        }
        return new LogContents(report, tables);
    }

    private static Optional<LogHead> headOf(Disk disk) {
        try {
            return LogScan.head(disk);
        } catch (IOException e) {
            return Optional.empty(); // the scan will say why
        }
    }

    private static void watch(
            DirectoryCatalog catalog, TableName name, String logId, Map<TableId, SpanCounts> waiting) {
        try {
            TableVersion table = TableVersion.latest(catalog, name);
            long from = table.committedTo(logId).orElse(0);
            Span span = new Span(Span.Kind.WAITING, new StreamRange(from, Long.MAX_VALUE), 0, table.version());
            waiting.put(table.id(), new SpanCounts(List.of(span)));
        } catch (IOException | RuntimeException e) {
            // Its pending rows are not known then, and that is what is said.
        }
    }
}
