package io.headgate.delta.kernel;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.util.Optional;

/** Reads all rows of a version, as a reader of Delta tables has to: without those that deletion vectors strike out. */
public record TableScan(Snapshot snapshot, Engine engine) {
    /** Takes batches of rows. */
    @FunctionalInterface
    public interface BatchConsumer {
        /** @return whether more are wanted */
        boolean accept(FilteredColumnarBatch batch) throws IOException;
    }

    /** Hands out the rows, file by file, in no order that means anything. */
    public void forEach(BatchConsumer consumer) throws IOException {
        Scan scan = snapshot.getScanBuilder().build();
        Row state = scan.getScanState(engine);
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
            boolean more = true;
            while (more && batches.hasNext()) {
                more = readFiles(batches.next(), state, consumer);
            }
        }
    }

    private boolean readFiles(FilteredColumnarBatch files, Row state, BatchConsumer consumer) throws IOException {
        boolean more = true;
        try (CloseableIterator<Row> rows = files.getRows()) {
            while (more && rows.hasNext()) {
                more = readFile(rows.next(), state, consumer);
            }
        }
        return more;
    }

    private boolean readFile(Row file, Row state, BatchConsumer consumer) throws IOException {
        StructType physicalSchema = ScanStateRow.getPhysicalDataReadSchema(state);
        boolean more = true;
        try (CloseableIterator<FileReadResult> read = engine.getParquetHandler()
                        .readParquetFiles(
                                Utils.singletonCloseableIterator(InternalScanFileUtils.getAddFileStatus(file)),
                                physicalSchema,
                                Optional.empty());
                CloseableIterator<ColumnarBatch> physical = read.map(FileReadResult::getData);
                CloseableIterator<FilteredColumnarBatch> logical =
                        Scan.transformPhysicalData(engine, state, file, physical)) {
            while (more && logical.hasNext()) {
                more = consumer.accept(logical.next());
            }
        }
        return more;
    }
}
