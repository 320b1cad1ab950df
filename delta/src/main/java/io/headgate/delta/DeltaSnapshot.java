package io.headgate.delta;

import io.delta.kernel.Snapshot;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.kernel.CommitFile;
import io.headgate.delta.kernel.TableLayout;
import io.headgate.schema.Column;
import io.headgate.schema.PartitionColumns;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.OptionalLong;

/**
 * A version of a table.
 *
 * @param kernel as Kernel knows it
 * @param commit the JSON file whose commit made it
 * @param layout what data files for it depend on
 * @param columns its columns, in order
 * @param physicalColumns the same as files have them
 * @param committedTo the end of the last range that our log committed, up to this version
 * @param addedRows what the commit that made it says it added; empty if this was loaded
 */
record DeltaSnapshot(
        Snapshot kernel,
        FileIdentity commit,
        TableLayout layout,
        List<Column> columns,
        List<Column> physicalColumns,
        OptionalLong committedTo,
        OptionalLong addedRows)
        implements TableSnapshot {
    /**
     * The file that a version was just loaded from.
     *
     * @throws IOException if it is no longer the one that Kernel found
     */
    static FileIdentity commitOf(Snapshot loaded) throws IOException {
        CommitFile found = CommitFile.of(loaded);
        try {
            FileIdentity file = FileIdentity.of(ForcedFileIO.local(found.path()));
            if (file.sizeBytes() == found.sizeBytes() && file.modified().toMillis() == found.modificationTimeMillis()) {
                return file;
            }
        } catch (NoSuchFileException e) {
            // said below: to the caller this is not a table that is missing
        }
        throw new IOException(found.path() + " was removed or replaced while it was loaded; it is loaded again");
    }

    /** What it is partitioned by. */
    PartitionColumns partitionColumns() {
        return PartitionColumns.of(columns, layout.partitionColumns());
    }

    @Override
    public long version() {
        return kernel.getVersion();
    }

    @Override
    public boolean sameLayout(TableSnapshot other) {
        return layout.equals(((DeltaSnapshot) other).layout);
    }

    /** Whether the file of this version is still the one that it was loaded from or written as. */
    boolean isStillThere() throws IOException {
        return commit.isStillThere();
    }

    /** Whether the other stands for the same version and says the same of our log, however it came about. */
    boolean sameVersion(DeltaSnapshot other) {
        return commit.equals(other.commit) && committedTo.equals(other.committedTo) && sameLayout(other);
    }
}
