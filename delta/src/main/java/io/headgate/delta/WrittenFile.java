package io.headgate.delta;

import io.delta.kernel.utils.DataFileStatus;
import io.headgate.batching.TableWriter.DataFile;
import io.headgate.delta.kernel.TableLayout;

/**
 * A data file of ours, on the medium.
 *
 * @param name its name in the table's directory
 * @param layout what it was written for
 * @param status where it is and what is in it, as Kernel takes it
 * @param rowCount rows in it
 */
record WrittenFile(DataFileName name, TableLayout layout, DataFileStatus status, long rowCount) implements DataFile {
    @Override
    public long rejectedRows() {
        return 0;
    }

    @Override
    public long sizeBytes() {
        return status.getSize();
    }
}
