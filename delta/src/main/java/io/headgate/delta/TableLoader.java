package io.headgate.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.SnapshotBuilder;
import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.exceptions.UnsupportedProtocolVersionException;
import io.delta.kernel.exceptions.UnsupportedTableFeatureException;
import io.headgate.delta.kernel.BlindAppendCommitter;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Loads versions of tables, ready to be committed to, and sorts what Kernel throws into what can be done about it. */
record TableLoader(Engine engine) {
    /**
     * @throws NoSuchFileException if there is no Delta table
     * @throws UnsupportedTableException if Kernel cannot read it
     * @throws IOException if its log is damaged, or it cannot be told now
     */
    Snapshot latest(Path table) throws IOException, UnsupportedTableException {
        return build(table, TableManager.loadSnapshot(table.toString()));
    }

    /** As {@link #latest}, of a version; Kernel deletes no expired log files when it writes a checkpoint of this one. */
    Snapshot at(Path table, long version) throws IOException, UnsupportedTableException {
        return build(table, TableManager.loadSnapshot(table.toString()).atVersion(version));
    }

    private Snapshot build(Path table, SnapshotBuilder builder) throws IOException, UnsupportedTableException {
        try {
            return builder.withCommitter(new BlindAppendCommitter()).build(engine);
        } catch (TableNotFoundException e) {
            NoSuchFileException none = new NoSuchFileException(table.toString(), null, "holds no Delta table");
            none.initCause(e);
            throw none;
        } catch (UnsupportedTableFeatureException | UnsupportedProtocolVersionException e) {
            throw new UnsupportedTableException(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            if (isAboutCatalogManaged(e)) {
                throw new UnsupportedTableException(
                        "The table uses the table feature 'catalogManaged', which Headgate cannot write correctly."
                                + " Write to a table without it.");
            }
            throw new IOException(
                    "The Delta log of the table at " + table + " cannot be read: " + e.getMessage()
                            + ". Check the files under " + table.resolve("_delta_log") + ".",
                    e);
        }
    }

    /** Kernel asks the caller for the catalog's version of such a table, and has no exception type of its own for it. */
    private static boolean isAboutCatalogManaged(RuntimeException e) {
        return e instanceof IllegalArgumentException
                && e.getMessage() != null
                && e.getMessage().contains("catalogManaged");
    }
}
