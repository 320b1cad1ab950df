package io.headgate.delta.parquet;

/**
 * How data files are laid out, and what writing one may hold in memory: about {@code rowGroupBytes}, one row, and for
 * each column a dictionary.
 *
 * @param rowGroupBytes at which a row group, as far as it is encoded, is written out; 1 KiB to 1 GiB
 * @param pageBytes at which a page of a column is compressed; 1 KiB to {@code rowGroupBytes}
 * @param dictionaryPageBytes what the distinct values of a column may take before it goes on without a dictionary; 0 (no
 *     dictionaries) to 16 MiB
 * @param zstdLevel 1 (fastest) to 19
 * @param indexedColumns how many columns get statistics, from the first, a struct counting as its fields (Delta: {@code
 *     delta.dataSkippingNumIndexedCols}); -1 for all
 * @param createdBy who the file says wrote it, as "NAME version VERSION" (Parquet format, {@code FileMetaData})
 */
public record ParquetSettings(
        long rowGroupBytes,
        int pageBytes,
        int dictionaryPageBytes,
        int zstdLevel,
        int indexedColumns,
        String createdBy) {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    /** Row groups of 64 MiB, pages and dictionaries of 1 MiB, zstd level 1, statistics for Delta's usual 32 columns. */
    public static final ParquetSettings DEFAULT =
            new ParquetSettings(64 * MIB, MIB, MIB, 1, 32, "Headgate version 0.1.0");

    public ParquetSettings {
        requireWithin("rowGroupBytes", rowGroupBytes, KIB, 1024L * MIB);
        requireWithin("pageBytes", pageBytes, KIB, rowGroupBytes);
        requireWithin("dictionaryPageBytes", dictionaryPageBytes, 0, 16 * MIB);
        requireWithin("zstdLevel", zstdLevel, 1, 19);
        requireWithin("indexedColumns", indexedColumns, -1, Integer.MAX_VALUE);
    }

    /** The same but for the number of columns with statistics. */
    public ParquetSettings withIndexedColumns(int count) {
        return new ParquetSettings(rowGroupBytes, pageBytes, dictionaryPageBytes, zstdLevel, count, createdBy);
    }

    private static void requireWithin(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ": it must be " + min + " to " + max);
        }
    }
}
