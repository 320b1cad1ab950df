package io.headgate.delta.batch;

import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.utils.CloseableIterator;
import io.headgate.delta.parquet.ParquetDataFileWriter;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.schema.Column;
import io.headgate.schema.SchemaJson;
import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.parquet.io.OutputFile;

/** Writes batches of Kernel's to a Parquet file, the same way that rows of the log go to one. */
public final class BatchFile {
    private BatchFile() {}

    /**
     * Writes a file that appears under its name once all batches are in it. After an exception there is none.
     *
     * @param out where to, as {@link ParquetDataFileWriter} takes it
     * @param batches one or more, all with the columns of the first; what they select of their rows is written
     * @throws NoSuchElementException if there is no batch, as then nobody knows the columns
     * @throws io.headgate.model.RefusedException if a column is of a type that {@link SchemaJson} does not know
     */
    public static void write(OutputFile out, CloseableIterator<FilteredColumnarBatch> batches) throws IOException {
        if (!batches.hasNext()) {
            throw new NoSuchElementException("There is no batch to tell the columns of " + out.getPath());
        }
        FilteredColumnarBatch first = batches.next();
        List<Column> columns = SchemaJson.parse(first.getData().getSchema().toJson());
        try (ParquetDataFileWriter file = new ParquetDataFileWriter(out, columns, ParquetSettings.DEFAULT)) {
            BatchRows rows = new BatchRows(columns);
            rows.appendTo(file, first);
            while (batches.hasNext()) {
                rows.appendTo(file, batches.next());
            }
            file.finish();
        }
    }
}
