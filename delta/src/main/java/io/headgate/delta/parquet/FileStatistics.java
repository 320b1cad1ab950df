package io.headgate.delta.parquet;

import io.delta.kernel.expressions.Literal;
import io.delta.kernel.statistics.DataFileStatistics;
import io.headgate.schema.Column;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;

/** A data file's statistics for its {@code add} action (Delta protocol, "Per-file Statistics"), from its row groups'. */
final class FileStatistics {
    private final Map<io.delta.kernel.expressions.Column, Literal> minimums = new HashMap<>();
    private final Map<io.delta.kernel.expressions.Column, Literal> maximums = new HashMap<>();
    private final Map<io.delta.kernel.expressions.Column, Long> nullCounts = new HashMap<>();

    private FileStatistics() {}

    /** @param indexedColumns how many columns to report on, from the first; -1 for all */
    static DataFileStatistics of(List<BlockMetaData> rowGroups, List<Column> columns, int indexedColumns) {
        FileStatistics statistics = new FileStatistics();
        int reported = indexedColumns < 0 ? columns.size() : Math.min(indexedColumns, columns.size());
        for (int i = 0; i < reported; i++) {
            statistics.report(columns.get(i), merged(rowGroups, i));
        }
        long rows = rowGroups.stream().mapToLong(BlockMetaData::getRowCount).sum();
        return new DataFileStatistics(
                rows, statistics.minimums, statistics.maximums, statistics.nullCounts, Optional.empty());
    }

    /** A column's statistics over all row groups; empty if there are none. */
    private static Optional<Statistics<?>> merged(List<BlockMetaData> rowGroups, int column) {
        return rowGroups.stream()
                .<Statistics<?>>map(group -> group.getColumns().get(column).getStatistics())
                .reduce((all, next) -> {
                    Statistics<?> sum = all.copy();
                    sum.mergeStatistics(next);
                    return sum;
                });
    }

    private void report(Column column, Optional<Statistics<?>> merged) {
        var name = new io.delta.kernel.expressions.Column(column.name());
        nullCounts.put(name, merged.map(Statistics::getNumNulls).orElse(0L));
        merged.filter(FileStatistics::hasBounds).ifPresent(statistics -> {
            Bounds.min(column.type(), statistics.genericGetMin()).ifPresent(min -> minimums.put(name, min));
            Bounds.max(column.type(), statistics.genericGetMax()).ifPresent(max -> maximums.put(name, max));
        });
    }

    /** Parquet's bounds pass NaN over. To Delta's readers it is the greatest number: no bound then. */
    private static boolean hasBounds(Statistics<?> statistics) {
        return statistics.hasNonNullValue() && !(statistics.isNanCountSet() && statistics.getNanCount() > 0);
    }
}
