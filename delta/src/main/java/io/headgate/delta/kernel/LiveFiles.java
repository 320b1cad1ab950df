package io.headgate.delta.kernel;

import io.delta.kernel.Snapshot;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** The data files that make up a version (Delta protocol, "Add File and Remove File"). */
public record LiveFiles(Snapshot snapshot, Engine engine) {
    /**
     * A data file as the table's log describes it.
     *
     * @param path where it is, as Kernel writes paths
     * @param sizeBytes its length
     * @param rows rows in the file, where its statistics say so
     * @param deletedRows how many of them a deletion vector strikes out
     */
    public record LiveFile(String path, long sizeBytes, OptionalLong rows, long deletedRows) {}

    /** Takes data files. */
    @FunctionalInterface
    public interface Consumer {
        void accept(LiveFile file) throws IOException;
    }

    /** Hands out the files, in no order that means anything. */
    public void forEach(Consumer consumer) throws IOException {
        ScanImpl scan = (ScanImpl) snapshot.getScanBuilder().build();
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine, true)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        consumer.accept(file(rows.next()));
                    }
                }
            }
        }
    }

    /** Whether there is such a file. Looks at all of them. */
    public boolean anyMatch(Predicate<LiveFile> condition) throws IOException {
        AtomicBoolean found = new AtomicBoolean();
        forEach(file -> found.compareAndSet(false, condition.test(file)));
        return found.get();
    }

    private static LiveFile file(Row row) {
        AddFile add = new AddFile(row.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL));
        DeletionVectorDescriptor deleted = InternalScanFileUtils.getDeletionVectorDescriptorFromRow(row);
        return new LiveFile(
                InternalScanFileUtils.getAddFileStatus(row).getPath(),
                add.getSize(),
                add.getNumRecords().map(OptionalLong::of).orElse(OptionalLong.empty()),
                deleted == null ? 0 : deleted.getCardinality());
    }
}
