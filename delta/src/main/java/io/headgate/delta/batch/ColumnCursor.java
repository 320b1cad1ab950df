package io.headgate.delta.batch;

import java.util.Objects;
import org.apache.parquet.VersionParser.ParsedVersion;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.jspecify.annotations.Nullable;

/** A place in one of a file's columns: at a value, or at what stands for one that is not there. */
final class ColumnCursor {
    /** Values are pulled, so none is ever converted. */
    private static final PrimitiveConverter UNUSED = new PrimitiveConverter() {};

    private final ColumnDescriptor column;
    private @Nullable ColumnReader reader;

    ColumnCursor(ColumnDescriptor column) {
        this.column = column;
    }

    ColumnPath path() {
        return ColumnPath.get(column.getPath());
    }

    /**
     * Goes to the first value of a row group, which has a row.
     *
     * @param pages the column's
     * @param writer who wrote the file, as far as it says so: some wrote it wrong
     */
    void begin(PageReader pages, @Nullable ParsedVersion writer) {
        reader = new ColumnReaderImpl(column, pages, UNUSED, writer);
    }

    /** At the value, if there is one. */
    ColumnReader reader() {
        return Objects.requireNonNull(reader, "no row group was begun");
    }

    /** How far down to the value something is there. */
    int definition() {
        return reader().getCurrentDefinitionLevel();
    }

    /** At which level the value repeats the one before; 0 if a row begins, and at the end. */
    int repetition() {
        return reader().getCurrentRepetitionLevel();
    }

    boolean isAtValue() {
        return definition() == column.getMaxDefinitionLevel();
    }

    /** Goes to the next, whether the value was read or not. */
    void pass() {
        reader().consume();
    }
}
