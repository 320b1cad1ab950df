package io.headgate.delta.parquet;

import io.delta.kernel.statistics.DataFileStatistics;
import io.headgate.schema.Column;
import io.headgate.schema.RowReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.MessageType;

/**
 * Writes rows to one Parquet data file of a Delta table and says what Delta wants to know about it.
 *
 * <p>The file appears through {@link #finish} only. After an exception only {@link #close} is left to be called: rows may
 * be half in. For one thread. Memory is bounded by {@link ParquetSettings}, however long the file gets.
 */
public final class ParquetDataFileWriter implements AutoCloseable {
    private enum State {
        OPEN,
        BROKEN,
        FINISHED,
        ABORTED
    }

    private final List<Column> columns;
    private final ParquetSettings settings;
    private final MessageType schema;
    private final ParquetProperties properties;
    private final PositionOutputStream stream;
    private final TailHoldingOutput output;
    private final ZstdPageCompressor compressor;
    private final ParquetFileWriter file;
    private RowGroup rowGroup;
    private State state = State.BROKEN;

    /**
     * Creates the file and begins it.
     *
     * @param out where to; the stream that it creates must be {@link Abortable}, and publishes the file on close
     * @param target the table's columns, at least one, named as files have them; those with an id get it as a field id
     * @throws IllegalArgumentException if there is no column, or the stream is not {@link Abortable}
     */
    public ParquetDataFileWriter(OutputFile out, List<Column> target, ParquetSettings settings) throws IOException {
        this.settings = settings;
        columns = List.copyOf(target);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("A data file needs a column: Parquet knows no rows without one");
        }
        schema = ParquetSchema.of(columns);
        properties = ParquetProperties.builder()
                .withPageSize(settings.pageBytes())
                .withDictionaryEncoding(settings.dictionaryPageBytes() > 0)
                .withDictionaryPageSize(Math.max(1, settings.dictionaryPageBytes()))
                .build();
        stream = requireAbortable(out.create(settings.rowGroupBytes()));
        output = new TailHoldingOutput(stream);
        compressor = new ZstdPageCompressor(settings.zstdLevel());
        file = new ParquetFileWriter(
                output.asOutputFile(),
                schema,
                ParquetFileWriter.Mode.CREATE,
                settings.rowGroupBytes(),
                0,
                null,
                properties);
        rowGroup = newRowGroup();
        begin();
    }

    /** How many columns of Parquet's these come down to, each with a buffer of its own. */
    public static int columnCount(List<Column> columns) {
        return ParquetSchema.of(columns).getColumns().size();
    }

    /**
     * Appends the current row of {@code row}.
     *
     * @param sourceColumnOfTarget for each target column, which column of the row it is; -1 if the row has none: NULL
     * @throws IllegalArgumentException if a NOT NULL column would get NULL: whether rows fit is the caller's to know
     */
    public void append(RowReader row, int[] sourceColumnOfTarget) throws IOException {
        leave(State.OPEN);
        rowGroup.append(row, sourceColumnOfTarget);
        if (rowGroup.isFull()) {
            rowGroup.writeTo(file);
            rowGroup = newRowGroup();
        }
        state = State.OPEN;
    }

    /** What of the rows is still in memory, at the most. */
    public long bufferedBytes() {
        return rowGroup.appendedBytes();
    }

    /**
     * Completes and publishes the file. Without any row that is a valid file with no row group.
     *
     * @return counts of all rows, and bounds and null counts of the first {@link ParquetSettings#indexedColumns}
     */
    public DataFileStatistics finish() throws IOException {
        leave(State.OPEN);
        if (rowGroup.rowCount() > 0) {
            rowGroup.writeTo(file);
        }
        output.hold();
        file.end(Map.of());
        stream.write(Footer.change(output.tail(), settings.createdBy()));
        DataFileStatistics statistics =
                FileStatistics.of(file.getFooter().getBlocks(), columns, settings.indexedColumns());
        stream.close();
        state = State.FINISHED;
        compressor.release();
        return statistics;
    }

    /** Aborts what is not finished: nothing is published. */
    @Override
    public void close() throws IOException {
        if (state == State.OPEN || state == State.BROKEN) {
            state = State.ABORTED;
            abort();
        }
    }

    private void begin() throws IOException {
        try {
            file.start();
            state = State.OPEN;
        } catch (IOException | RuntimeException e) {
            abort();
            throw e;
        }
    }

    private void abort() throws IOException {
        try (file) {
            file.abort();
            compressor.release();
        } finally {
            ((Abortable) stream).abort();
        }
    }

    /** Broken until the caller of this says otherwise. */
    private void leave(State expected) {
        if (state != expected) {
            throw new IllegalStateException("The data file is " + state + ", not " + expected);
        }
        state = State.BROKEN;
    }

    private RowGroup newRowGroup() {
        return new RowGroup(columns, schema, properties, compressor, settings.rowGroupBytes());
    }

    private static PositionOutputStream requireAbortable(PositionOutputStream stream) {
        if (!(stream instanceof Abortable)) {
            throw new IllegalArgumentException(stream.getClass().getName()
                    + " is not Abortable: closing it would publish half a file. Make it implement Abortable.");
        }
        return stream;
    }
}
