package io.headgate.delta;

import io.headgate.batching.LogEntry;
import io.headgate.batching.RangeTooWideException;
import io.headgate.batching.TableChangedException;
import io.headgate.batching.TableWriter.EntrySource;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import io.headgate.schema.CorruptRowException;
import io.headgate.schema.RowLayout;
import io.headgate.schema.RowReader;
import io.headgate.schema.SchemaJson;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the rows of one range: those that fit the table's columns go to its data files, the others are put aside. For one
 * range and one thread.
 */
final class RangeWriter {
    private final TableName table;
    private final List<Column> target;
    private final FileColumns columns;
    private final RangeFiles fitting;
    private final int maxPartitions;
    private final RejectedRows rejected;
    private final Judge judge;
    private boolean firstPass = true;
    private boolean firstEntry = true;
    private @Nullable Rows rows;

    /** Asked before the first row is rejected. */
    @FunctionalInterface
    interface Judge {
        /** @throws TableChangedException if the columns are not those of the table's latest version */
        void requireLatest() throws TableChangedException, IOException;
    }

    /**
     * @param target the table's columns
     * @param columns those of them that data files have
     * @param maxPartitions of how many partitions a range of several entries may be
     */
    RangeWriter(
            TableName table,
            List<Column> target,
            FileColumns columns,
            RangeFiles fitting,
            int maxPartitions,
            RejectedRows rejected,
            Judge judge) {
        this.table = table;
        this.target = target;
        this.columns = columns;
        this.fitting = fitting;
        this.maxPartitions = maxPartitions;
        this.rejected = rejected;
        this.judge = judge;
    }

    /** What entries of one schema are read with, kept from entry to entry as most have the same. */
    private static final class Rows {
        private final String schemaJson;
        private final List<Column> columns;
        private final RowReader reader;
        private final ColumnMatch match;
        private final int[] sources;
        private final int[] fileSources;

        Rows(String schemaJson, List<Column> columns, List<Column> target, FileColumns files) {
            this.schemaJson = schemaJson;
            this.columns = columns;
            reader = new RowReader(RowLayout.of(columns));
            match = new ColumnMatch(columns, target);
            sources = match.sources();
            fileSources = files.sources(sources);
        }
    }

    /**
     * Returns once all files are on the medium: those for rows that fit, if there are any.
     *
     * @throws RangeTooWideException if the rows are of too many partitions and there are several entries
     */
    List<PartitionFile> write(EntrySource entries) throws TableChangedException, RangeTooWideException, IOException {
        try (fitting;
                rejected) {
            entries.forEach(this::append);
            rejected.finish();
            firstPass = false;
            while (fitting.nextPass()) {
                entries.forEach(this::append);
            }
            return fitting.finish();
        } catch (Changed e) {
            throw e.cause;
        } catch (TooWide e) {
            throw e.cause;
        }
    }

    private void append(LogEntry entry) throws IOException {
        try {
            Rows as = rowsAs(entry.schema().schemaJson());
            as.reader.wrap(entry.payload());
            int found = 0;
            for (; as.reader.next(); found++) {
                append(entry, found, as);
            }
            requireRows(entry, found);
            firstEntry = false;
        } catch (CorruptRowException e) {
            throw new IOException(
                    "The log's entry at position " + entry.position() + " for table " + table + " is damaged: "
                            + e.getMessage(),
                    e);
        } catch (TableChangedException e) {
            throw new Changed(e);
        }
    }

    private void append(LogEntry entry, int record, Rows as) throws TableChangedException, IOException {
        String misfit = as.match.misfit(as.reader);
        if (misfit == null) {
            misfit = fitting.append(as.match.fit(as.reader), as.sources, as.fileSources);
        }
        if (misfit != null && firstPass) {
            reject(entry, record, misfit, as);
        }
        if (fitting.partitionCount() > maxPartitions && firstPass && !firstEntry) {
            throw new TooWide(new RangeTooWideException(
                    entry.position(), "Rows for more than " + maxPartitions + " partitions of table " + table));
        }
    }

    private void reject(LogEntry entry, int record, String misfit, Rows as) throws TableChangedException, IOException {
        if (rejected.rowCount() == 0) {
            judge.requireLatest();
        }
        rejected.append(entry, record, misfit, as.reader, as.columns);
    }

    private void requireRows(LogEntry entry, int found) throws IOException {
        if (found != entry.rowCount()) {
            throw new IOException("The log's entry at position " + entry.position() + " for table " + table + " holds "
                    + found + " rows and should hold " + entry.rowCount());
        }
    }

    private Rows rowsAs(String schemaJson) throws IOException {
        Rows current = rows;
        if (current == null || !current.schemaJson.equals(schemaJson)) {
            current = new Rows(schemaJson, parse(schemaJson), target, columns);
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

    /** As {@link Changed}. */
    private static final class TooWide extends IOException {
        private final RangeTooWideException cause;

        TooWide(RangeTooWideException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
