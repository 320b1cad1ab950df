package io.headgate.delta.parquet;

import io.headgate.schema.Column;
import io.headgate.schema.RowReader;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;

/** One row group while it is in memory: for each column, finished pages compressed and the current one encoded. */
final class RowGroup {
    /** How finely the limit is kept: looking at all columns costs too much to be done for every row. */
    private static final int CHECKS_PER_LIMIT = 64;

    private final List<Column> columns;
    private final long maxBytes;
    private final ColumnChunkPageWriteStore pages;
    private final ColumnWriteStore store;
    private final ValueAppender[] appenders;
    private long rowCount;
    private long appendedBytes;
    private long bytesUntilCheck;

    RowGroup(
            List<Column> columns,
            MessageType schema,
            ParquetProperties properties,
            ZstdPageCompressor compressor,
            long maxBytes) {
        this.columns = columns;
        this.maxBytes = maxBytes;
        bytesUntilCheck = maxBytes;
        pages = new ColumnChunkPageWriteStore(
                compressor,
                schema,
                properties.getAllocator(),
                properties.getColumnIndexTruncateLength(),
                properties.getPageWriteChecksumEnabled());
        store = properties.newColumnWriteStore(schema, pages);
        appenders = NestedAppenders.of(columns, schema, store);
    }

    /** Appends the current row of {@code row}. After an exception the columns differ in length: of no use any more. */
    void append(RowReader row, int[] sourceColumnOfTarget) {
        long bytes = 0;
        for (int i = 0; i < appenders.length; i++) {
            int source = sourceColumnOfTarget[i];
            if (source >= 0 && !row.isNull(source)) {
                bytes += appenders[i].append(row, source, 0);
            } else {
                bytes += appendNull(i);
            }
        }
        store.endRecord();
        rowCount++;
        appendedBytes += bytes;
        bytesUntilCheck -= bytes;
    }

    private long appendNull(int i) {
        Column column = columns.get(i);
        if (!column.nullable()) {
            throw TupleAppender.nullIn(column.name());
        }
        return appenders[i].appendNull(0, 0);
    }

    /** Whether it has reached its limit. As no encoding grows, it need not look before that many bytes more came in. */
    boolean isFull() {
        if (bytesUntilCheck > 0) {
            return false;
        }
        long room = maxBytes - store.getBufferedSize();
        bytesUntilCheck = Math.max(room, maxBytes / CHECKS_PER_LIMIT);
        return room <= 0;
    }

    long rowCount() {
        return rowCount;
    }

    /** What was appended, before it was encoded; as no encoding grows, it takes no more. */
    long appendedBytes() {
        return appendedBytes;
    }

    void writeTo(ParquetFileWriter file) throws IOException {
        store.flush();
        file.startBlock(rowCount);
        pages.flushToFileWriter(file);
        file.endBlock();
        store.close();
        pages.close();
    }
}
