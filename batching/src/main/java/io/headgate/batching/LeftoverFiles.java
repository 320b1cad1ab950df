package io.headgate.batching;

import io.headgate.batching.TableWriter.TableSnapshot;
import io.headgate.model.Outage;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has data files removed that no version of one table names, once no commit can name them any more. */
final class LeftoverFiles {
    private static final Logger LOG = LoggerFactory.getLogger(LeftoverFiles.class);
    private static final long NONE = -1;

    private final LoggedTable table;
    private final TableWriter writer;
    private final Outage removals;
    private long from = NONE;

    LeftoverFiles(LoggedTable table, TableWriter writer, LongSupplier nanoTime) {
        this.table = table;
        this.writer = writer;
        this.removals = new Outage(nanoTime);
    }

    /**
     * Earlier processes may have left files for ranges from {@code position} on.
     *
     * @param position what the table itself says; less than 0 if it says nothing: then any file may be in it
     */
    void mayBeFrom(long position) {
        from = position;
    }

    /** This process left a file; its commits have come to {@code position}. */
    void ofOurOwn(long position) {
        if (from == NONE) {
            from = position;
        }
    }

    /**
     * Now that a commit of ours was seen again, no other process' can land any more in its place, and their files are
     * nobody's.
     */
    void remove(TableSnapshot current) {
        if (from < 0) {
            return;
        }
        try {
            int removed = writer.removeLeftovers(table, current, from);
            from = NONE;
            removals.healed();
            if (removed > 0) {
                LOG.atInfo()
                        .addKeyValue("table", table.name())
                        .log("Removed {} data files that no commit names", removed);
            }
        } catch (IOException | RuntimeException e) {
            long failures = removals.failed();
            if (failures > 0) {
                LOG.atWarn()
                        .addKeyValue("table", table.name())
                        .addKeyValue("failures", failures)
                        .setCause(e)
                        .log("Left-over data files stay until the next commit");
            }
        }
    }
}
