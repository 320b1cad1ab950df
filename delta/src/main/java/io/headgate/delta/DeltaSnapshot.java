package io.headgate.delta;

import io.delta.kernel.Snapshot;
import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.delta.kernel.TableLayout;
import io.headgate.schema.Column;
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

    /** Whether the other stands for the same version and says the same of our log, however it came about. */
    boolean sameVersion(DeltaSnapshot other) {
        return version() == other.version() && committedTo.equals(other.committedTo) && sameLayout(other);
    }
}
