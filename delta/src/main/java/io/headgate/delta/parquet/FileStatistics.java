package io.headgate.delta.parquet;

import io.delta.kernel.expressions.Literal;
import io.delta.kernel.statistics.DataFileStatistics;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/**
 * A data file's statistics for its {@code add} action (Delta protocol, "Per-file Statistics"), from its row groups'. As
 * Spark has them: a struct is its fields, each by its own, and what is NULL in a struct that is NULL counts; an array or
 * map has the number of those that are NULL themselves, and no bounds.
 */
final class FileStatistics {
    private final List<BlockMetaData> rowGroups;
    private final Map<io.delta.kernel.expressions.Column, Literal> minimums = new HashMap<>();
    private final Map<io.delta.kernel.expressions.Column, Literal> maximums = new HashMap<>();
    private final Map<io.delta.kernel.expressions.Column, Long> nullCounts = new HashMap<>();
    private int toReport;
    /** Of what the columns come down to, how many were passed. */
    private int leaf;

    private FileStatistics(List<BlockMetaData> rowGroups, int toReport) {
        this.rowGroups = rowGroups;
        this.toReport = toReport;
    }

    /** @param indexedColumns as {@link ParquetSettings} has it */
    static DataFileStatistics of(List<BlockMetaData> rowGroups, List<Column> columns, int indexedColumns) {
        FileStatistics statistics =
                new FileStatistics(rowGroups, indexedColumns < 0 ? Integer.MAX_VALUE : indexedColumns);
        statistics.report(new io.delta.kernel.expressions.Column(new String[0]), columns, 0);
        long rows = rowGroups.stream().mapToLong(BlockMetaData::getRowCount).sum();
        return new DataFileStatistics(
                rows, statistics.minimums, statistics.maximums, statistics.nullCounts, Optional.empty());
    }

    /** @param level the definition level of what the columns are in, where that is there */
    private void report(io.delta.kernel.expressions.Column parent, List<Column> columns, int level) {
        for (Column column : columns) {
            if (toReport == 0) {
                return;
            }
            var path = parent.appendNestedField(column.name());
            int present = column.nullable() ? level + 1 : level;
            if (column.type() instanceof ColumnType.Struct struct) {
                report(path, struct.fields(), present);
            } else {
                toReport--;
                if (ColumnType.isNested(column.type())) {
                    nullCounts.put(path, below(present));
                } else {
                    report(path, column.type());
                }
                leaf += leaves(column.type());
            }
        }
    }

    private void report(io.delta.kernel.expressions.Column path, ColumnType type) {
        Optional<Statistics<?>> merged = merged();
        nullCounts.put(path, merged.map(Statistics::getNumNulls).orElse(0L));
        merged.filter(FileStatistics::hasBounds).ifPresent(statistics -> {
            Bounds.min(type, statistics.genericGetMin()).ifPresent(min -> minimums.put(path, min));
            Bounds.max(type, statistics.genericGetMax()).ifPresent(max -> maximums.put(path, max));
        });
    }

    /** The present leaf's statistics over all row groups; empty if there are none. */
    private Optional<Statistics<?>> merged() {
        return rowGroups.stream()
                .<Statistics<?>>map(group -> chunk(group).getStatistics())
                .reduce((all, next) -> {
                    Statistics<?> sum = all.copy();
                    sum.mergeStatistics(next);
                    return sum;
                });
    }

    /**
     * How often the present leaf has a level below this one. An array or map that is NULL is there once in each column
     * that it comes down to, as is one that is empty, but with a lower level.
     */
    private long below(int level) {
        if (level == 0) {
            return 0; // there are no levels to look at where nothing can be NULL or empty
        }
        return rowGroups.stream()
                .flatMap(group -> chunk(group).getSizeStatistics().getDefinitionLevelHistogram().stream()
                        .limit(level))
                .mapToLong(Long::longValue)
                .sum();
    }

    private ColumnChunkMetaData chunk(BlockMetaData group) {
        return group.getColumns().get(leaf);
    }

    /** How many columns of Parquet's a type comes down to. */
    private static int leaves(ColumnType type) {
        if (type instanceof ColumnType.Array array) {
            return leaves(array.element());
        }
        if (type instanceof ColumnType.Map map) {
            return 1 + leaves(map.value());
        }
        return type instanceof ColumnType.Struct struct
                ? struct.fields().stream()
                        .mapToInt(field -> leaves(field.type()))
                        .sum()
                : 1;
    }

    /** Parquet's bounds pass NaN over. To Delta's readers it is the greatest number: no bound then. */
    private static boolean hasBounds(Statistics<?> statistics) {
        return statistics.hasNonNullValue() && !(statistics.isNanCountSet() && statistics.getNanCount() > 0);
    }
}
