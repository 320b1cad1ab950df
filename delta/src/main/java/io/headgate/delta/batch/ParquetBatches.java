package io.headgate.delta.batch;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.headgate.delta.parquet.StoredFooter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.parquet.VersionParser;
import org.apache.parquet.VersionParser.ParsedVersion;
import org.apache.parquet.VersionParser.VersionParseException;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Parquet file, in batches. Memory is bounded by the footer, a page of each column that is read, and a batch,
 * which ends after {@value #ROWS_MAX} rows or {@value #BYTES_MAX} bytes. For one thread.
 */
public final class ParquetBatches implements CloseableIterator<ColumnarBatch> {
    static final int ROWS_MAX = 1024;
    static final long BYTES_MAX = 8L << 20;

    private final Path path;
    private final StructType schema;
    private final FileChannel file;
    private final ReaderTree tree;
    private final @Nullable ParsedVersion writer;
    private final Iterator<BlockMetaData> rowGroups;
    private long rowsLeft;

    /**
     * Opens a file.
     *
     * @param path where it is
     * @param schema the columns to read; one that the file does not have is NULL
     * @throws KernelEngineException if it cannot be read, is no whole Parquet file, or a column has another type in it; as
     *     does everything else here
     */
    public ParquetBatches(Path path, StructType schema) {
        this.path = path;
        this.schema = schema;
        try {
            file = FileChannel.open(path);
        } catch (IOException e) {
            throw failed(e);
        }
        try {
            ParquetMetadata footer = StoredFooter.read(file);
            FileMetaData about = footer.getFileMetaData();
            tree = new ReaderTree(about.getSchema(), schema);
            writer = writer(about.getCreatedBy());
            rowGroups = footer.getBlocks().iterator();
        } catch (IOException | RuntimeException e) {
            throw failedToRead(e);
        }
    }

    private KernelEngineException failed(Exception cause) {
        return new KernelEngineException("read the Parquet file " + path + ": " + cause.getMessage(), cause);
    }

    private KernelEngineException failedToRead(Exception cause) {
        try {
            file.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return failed(cause);
    }

    private static @Nullable ParsedVersion writer(@Nullable String createdBy) {
        try {
            return createdBy == null ? null : VersionParser.parse(createdBy);
        } catch (VersionParseException | RuntimeException e) {
            return null; // nobody whose mistakes are known
        }
    }

    @Override
    public boolean hasNext() {
        try {
            return findRow();
        } catch (RuntimeException e) {
            throw failed(e);
        }
    }

    @Override
    public ColumnarBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        try {
            return readBatch();
        } catch (RuntimeException e) {
            throw failed(e);
        }
    }

    /** Goes to the next row group that has a row, unless one is left in this. */
    private boolean findRow() {
        while (rowsLeft == 0 && rowGroups.hasNext()) {
            BlockMetaData rowGroup = rowGroups.next();
            rowsLeft = rowGroup.getRowCount();
            if (rowsLeft > 0) {
                begin(rowGroup);
            }
        }
        return rowsLeft > 0;
    }

    private void begin(BlockMetaData rowGroup) {
        Map<ColumnPath, ColumnChunkMetaData> chunks = rowGroup.getColumns().stream()
                .collect(Collectors.toMap(ColumnChunkMetaData::getPath, Function.identity()));
        for (ColumnCursor cursor : tree.cursors()) {
            ColumnChunkMetaData chunk = chunks.get(cursor.path());
            if (chunk == null) {
                throw new IllegalArgumentException("A row group lacks the column " + cursor.path());
            }
            cursor.begin(new ChunkPages(file, chunk), writer);
        }
    }

    private ColumnarBatch readBatch() {
        int rows = 0;
        long bytes = 0;
        while (rows < ROWS_MAX && bytes < BYTES_MAX && findRow()) {
            for (FieldReader column : tree.columns()) {
                bytes += column.append();
            }
            rows++;
            rowsLeft--;
        }
        List<ColumnVector> columns =
                tree.columns().stream().map(FieldReader::take).toList();
        return new Batch(schema, rows, columns);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
