package io.headgate.batching;

import io.headgate.batching.TableWriter.DataFile;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.model.StreamRange;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A range on its way into a table, kept over as many attempts as it takes. */
final class Commit {
    /** Writes the range's rows for a version of the table. */
    @FunctionalInterface
    interface FileWriter {
        DataFile write(int attempt) throws TableChangedException, RangeTooWideException, IOException;
    }

    private final long startedNanos;
    private Extents.Batch batch;
    private StreamRange range;
    private @Nullable DataFile file;
    private @Nullable TableSnapshot layout;
    private int attempts;
    private @Nullable DataFile triedFile;
    private @Nullable TableSnapshot triedOn;
    private boolean told;
    private long addedRows;

    Commit(Extents.Batch batch, StreamRange range, long startedNanos) {
        this.batch = batch;
        this.range = range;
        this.startedNanos = startedNanos;
    }

    Extents.Batch batch() {
        return batch;
    }

    StreamRange range() {
        return range;
    }

    long startedNanos() {
        return startedNanos;
    }

    /** The data file for a version of the table: the one that is there if it fits, else a new one. */
    DataFile fileFor(TableSnapshot target, FileWriter writer)
            throws TableChangedException, RangeTooWideException, IOException {
        DataFile known = file;
        if (known != null && layout != null && target.sameLayout(layout)) {
            return known;
        }
        file = null;
        DataFile written = writer.write(attempts++);
        if (written.rowCount() + written.rejectedRows() != batch.rows()) {
            throw new IOException("The log yields " + (written.rowCount() + written.rejectedRows()) + " rows of range "
                    + range + ", and accepted " + batch.rows()
                    + ": not committed. Check the log: 'headgate log check'.");
        }
        file = written;
        layout = target;
        return written;
    }

    /** Leaves to a later commit what is not in this beginning of the batch; of the whole no file was made. */
    void shorten(Extents.Batch beginning) {
        if (beginning.to() >= range.to()) {
            throw new IllegalArgumentException("Range " + range + " does not get shorter up to " + beginning.to());
        }
        batch = beginning;
        range = new StreamRange(range.from(), beginning.to());
    }

    /** The first try stays the one to look for from: a later one only starts from a later version. */
    void tries(TableSnapshot on, DataFile with) {
        if (!with.equals(triedFile)) {
            triedOn = on;
        }
        triedFile = with;
    }

    /** What was tried last; null if nothing was. */
    @Nullable
    DataFile triedFile() {
        return triedFile;
    }

    /** Whether the table took in what was tried, as a freshly loaded version of it shows. */
    boolean isIn(LoggedTable table, TableSnapshot fresh, TableWriter writer) throws IOException {
        DataFile tried = triedFile;
        TableSnapshot on = triedOn;
        return tried != null
                && on != null
                && fresh.committedTo().orElse(-1) == range.to()
                && writer.tookIn(table, on, fresh, tried);
    }

    /** The table took it in, and says that it added so many rows. */
    void landed(long rows) {
        addedRows = rows;
    }

    /** What {@link #landed} was told. */
    long addedRows() {
        return addedRows;
    }

    /** Rows of what was tried last that were put aside. */
    long rejectedRows() {
        DataFile tried = triedFile;
        return tried == null ? 0 : tried.rejectedRows();
    }

    /** Whether data files of its own were, or will be, left over. */
    boolean leavesFiles(boolean committed) {
        return attempts > (committed ? 1 : 0);
    }

    /** True the first time: a commit that had to be made twice counts once. */
    boolean tell() {
        boolean first = !told;
        told = true;
        return first;
    }
}
