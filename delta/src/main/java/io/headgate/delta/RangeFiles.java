package io.headgate.delta;

import io.delta.kernel.utils.DataFileStatus;
import io.headgate.delta.parquet.ParquetDataFileWriter;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.schema.Column;
import io.headgate.schema.Partition;
import io.headgate.schema.PartitionColumns;
import io.headgate.schema.PartitionColumns.Unfit;
import io.headgate.schema.RowReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The data files of one writing of a range: none if there is no row, else one for each partition that there are rows of; an
 * unpartitioned table is one partition.
 *
 * <p>So many partitions are written side by side, in memory for the most part. Rows of further ones are passed over, and
 * taken in {@linkplain #nextPass another pass} over the same rows: so there are no more files than partitions, in whatever
 * order rows come, and nothing is kept of a row that is passed over. Where rows in memory become as many as a row group
 * of a file may have, the file with the most of them is finished and another one is begun for its partition.
 *
 * <p>For one thread.
 */
final class RangeFiles implements AutoCloseable {
    private final Storage storage;
    private final Path table;
    private final DataFileName name;
    private final PartitionColumns columns;
    private final PartitionColumns physicalColumns;
    private final List<Column> fileColumns;
    private final ParquetSettings settings;
    private final int maxOpen;
    private final Set<Partition> written = new HashSet<>();
    private final Map<Partition, Open> open = new LinkedHashMap<>();
    private final Set<Partition> passedOver = new LinkedHashSet<>();
    private final Set<Path> parents = new LinkedHashSet<>();
    private final List<PartitionFile> files = new ArrayList<>();
    private long bufferedBytes;
    private long rowCount;
    private int parts;
    private boolean finished;

    /**
     * @param table the table's directory
     * @param name what the files have in common
     * @param target the version of the table that they are written for
     * @param fileColumns what they have of its columns
     */
    RangeFiles(
            Storage storage,
            Path table,
            DataFileName name,
            DeltaSnapshot target,
            FileColumns fileColumns,
            ParquetSettings settings,
            PartitionLimits limits) {
        this.storage = storage;
        this.table = table;
        this.name = name;
        columns = target.partitionColumns();
        physicalColumns = columns.as(target.physicalColumns());
        this.fileColumns = fileColumns.columns();
        this.settings = settings;
        maxOpen = limits.maxOpen(ParquetDataFileWriter.columnCount(this.fileColumns));
    }

    /** A partition of this pass, and the file that its next rows go to, if one is begun. */
    private final class Open {
        private final Partition partition;
        private @Nullable RowFile file;

        Open(Partition partition) {
            this.partition = partition;
        }

        void append(RowReader row, int[] sources) throws IOException {
            RowFile begun = file;
            if (begun == null) {
                begun = begin(partition);
                file = begun;
            }
            long before = begun.bufferedBytes();
            begun.append(row, sources);
            bufferedBytes += begun.bufferedBytes() - before;
        }

        long bytes() {
            return file == null ? 0 : file.bufferedBytes();
        }

        void finish() throws IOException {
            RowFile begun = file;
            if (begun == null) {
                return;
            }
            bufferedBytes -= begun.bufferedBytes();
            Optional<DataFileStatus> status = begun.finish();
            status.ifPresent(made -> files.add(new PartitionFile(physicalColumns.named(partition), made)));
            file = null;
        }

        void close() throws IOException {
            if (file != null) {
                file.close();
            }
        }
    }

    /** Rows taken so far. */
    long rowCount() {
        return rowCount;
    }

    /** Partitions met so far, passed over or not. */
    int partitionCount() {
        return written.size() + open.size() + passedOver.size();
    }

    /**
     * Takes a reader's current row, in the pass that its partition belongs to.
     *
     * @param sources for each of the table's columns, which of the row's it is; -1 if the row has none
     * @param fileSources the same for each column that files have
     * @return why the row can be in no partition, in whatever pass; null if it can
     */
    @Nullable
    String append(RowReader row, int[] sources, int[] fileSources) throws IOException {
        Partition partition = columns.of(row, sources);
        Open to = open.get(partition);
        if (to == null) {
            if (written.contains(partition)) {
                return null;
            }
            Unfit unfit = columns.unfit(partition);
            if (unfit != null) {
                return "column '" + unfit.column() + "' " + unfit.reason();
            }
            if (open.size() == maxOpen) {
                passedOver.add(partition);
                return null;
            }
            to = new Open(partition);
            open.put(partition, to);
            passedOver.remove(partition);
        }
        to.append(row, fileSources);
        rowCount++;
        if (bufferedBytes > settings.rowGroupBytes() && open.size() > 1) {
            open.values().stream()
                    .max(Comparator.comparingLong(Open::bytes))
                    .orElseThrow()
                    .finish();
        }
        return null;
    }

    private RowFile begin(Partition partition) throws IOException {
        Path directory = table;
        for (String child : physicalColumns.directories(partition)) {
            parents.add(directory);
            directory = directory.resolve(child);
            StorageSteps.createDirectory(storage, directory); // never the table's own, which may have been dropped
        }
        String file = columns.isEmpty() ? name.toString() : name.part(parts++);
        return new RowFile(storage, directory.resolve(file), fileColumns, settings);
    }

    /** Ends a pass; whether there were rows that were passed over. */
    boolean nextPass() throws IOException {
        for (Open each : open.values()) {
            each.finish();
        }
        written.addAll(open.keySet());
        open.clear();
        return !passedOver.isEmpty();
    }

    /** The files, after the last pass. Returns once they and their names are on the medium, those of directories included. */
    List<PartitionFile> finish() throws IOException {
        for (Path parent : parents) {
            storage.forceDirectory(parent); // whoever created what is in it may have died before this
        }
        finished = true;
        return List.copyOf(files);
    }

    /** Unless all are finished, removes all: no commit can name them, and further attempts would leave more and more. */
    @Override
    public void close() throws IOException {
        if (finished) {
            return;
        }
        files.forEach(file ->
                StorageSteps.unlinkQuietly(storage, Path.of(file.status().getPath())));
        IOException failure = null;
        for (Open each : open.values()) {
            try {
                each.close();
            } catch (IOException e) {
                failure = e; // the others are to be closed all the same
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
