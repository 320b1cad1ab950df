package io.headgate.delta;

import io.delta.kernel.Snapshot;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.kernel.CommitFile;
import io.headgate.delta.kernel.TableLayout;
import io.headgate.schema.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.OptionalLong;

/**
 * A version of a table.
 *
 * @param kernel as Kernel knows it
 * @param layout what data files for it depend on
 * @param columns its columns, in order
 * @param committedTo the end of the last range that our log committed, up to this version
 */
record DeltaSnapshot(Snapshot kernel, TableLayout layout, List<Column> columns, OptionalLong committedTo)
        implements TableSnapshot {
    long version() {
        return kernel.getVersion();
    }

    @Override
    public boolean sameLayout(TableSnapshot other) {
        return layout.equals(((DeltaSnapshot) other).layout);
    }

    /** Whether the file of this version is still the one that it was loaded from or written as. */
    boolean isStillThere() throws IOException {
        CommitFile known = CommitFile.of(kernel);
        try {
            BasicFileAttributes file =
                    Files.readAttributes(ForcedFileIO.local(known.path()), BasicFileAttributes.class);
            return file.size() == known.sizeBytes()
                    && file.lastModifiedTime().toMillis() == known.modificationTimeMillis();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Whether the other stands for the same version and says the same of our log, however it came about. */
    boolean sameVersion(DeltaSnapshot other) {
        return version() == other.version() && committedTo.equals(other.committedTo) && sameLayout(other);
    }
}
