package io.headgate.delta;

import io.delta.kernel.statistics.DataFileStatistics;
import io.delta.kernel.utils.DataFileStatus;
import io.headgate.batching.LogEntry;
import io.headgate.batching.TableChangedException;
import io.headgate.batching.TableWriter.EntrySource;
import io.headgate.delta.parquet.ParquetDataFileWriter;
import io.headgate.delta.parquet.ParquetSettings;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import io.headgate.schema.CorruptRowException;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowReader;
import io.headgate.schema.SchemaJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the rows of one range to one data file, fitting those of an older schema to the table's columns. */
final class RangeWriter {
    private final TableName table;
    private final List<Column> target;
    private final ParquetSettings settings;
    private @Nullable Rows rows;
    private long rowCount;

    RangeWriter(TableName table, List<Column> target, ParquetSettings settings) {
        this.table = table;
        this.target = target;
        this.settings = settings;
    }

    /** What entries of one schema are read with, kept from entry to entry as most have the same. */
    private static final class Rows {
        private final String schemaJson;
        private final RowReader reader;
        private final int[] sources;

        Rows(String schemaJson, RowReader reader, int[] sources) {
            this.schemaJson = schemaJson;
            this.reader = reader;
            this.sources = sources;
        }
    }

    long rowCount() {
        return rowCount;
    }

    DataFileStatus write(DataFileOutput output, Path path, EntrySource entries)
            throws TableChangedException, IOException {
        try (ParquetDataFileWriter file = new ParquetDataFileWriter(output, target, settings)) {
            entries.forEach(entry -> append(entry, file));
            DataFileStatistics statistics = file.finish();
            return new DataFileStatus(
                    path.toString(),
                    Files.size(path),
                    Files.getLastModifiedTime(path).toMillis(),
                    Optional.of(statistics));
        } catch (Changed e) {
            throw e.cause;
        }
    }

    private void append(LogEntry entry, ParquetDataFileWriter file) throws IOException {
        try {
            Rows as = rowsAs(entry.schema().schemaJson());
            RowReader reader = as.reader.wrap(entry.payload());
            int found = 0;
            for (; reader.next(); found++) {
                file.append(reader, as.sources);
            }
            requireRows(entry, found);
            rowCount += found;
        } catch (CorruptRowException e) {
            throw new IOException(
                    "The log's entry at position " + entry.position() + " for table " + table + " is damaged: "
                            + e.getMessage(),
                    e);
        } catch (TableChangedException e) {
            throw new Changed(e);
        }
    }

    private void requireRows(LogEntry entry, int found) throws IOException {
        if (found != entry.rowCount()) {
            throw new IOException("The log's entry at position " + entry.position() + " for table " + table + " holds "
                    + found + " rows and should hold " + entry.rowCount());
        }
    }

    private Rows rowsAs(String schemaJson) throws TableChangedException, IOException {
        Rows current = rows;
        if (current == null || !current.schemaJson.equals(schemaJson)) {
            List<Column> columns = parse(schemaJson);
            RowReader reader = new RowReader(RowLayout.of(columns));
            current = new Rows(schemaJson, reader, ColumnMatch.sources(table, columns, target));
            rows = current;
        }
        return current;
    }

    private List<Column> parse(String schemaJson) throws IOException {
        try {
            return SchemaJson.parse(schemaJson);
        } catch (RefusedException | IllegalArgumentException e) {
            throw new IOException(
                    "The log's schema for table " + table + " is not one that rows are kept under: " + e.getMessage(),
                    e);
        }
    }

    /** Carries the checked exception through the log's reader. */
    private static final class Changed extends IOException {
        private final TableChangedException cause;

        Changed(TableChangedException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
