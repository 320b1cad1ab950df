package io.headgate.delta;

import io.delta.kernel.utils.DataFileStatus;
import io.headgate.batching.TableWriter.DataFile;
import io.headgate.delta.kernel.TableLayout;
import java.util.Optional;

/**
 * What was made of a range, on the medium: a data file with the rows that fit, and one with those that do not.
 *
 * @param name the data file's name in the table's directory, whether or not there was a row for it
 * @param layout what it was written for
 * @param status where it is and what is in it, as Kernel takes it; empty if no row fits
 * @param rowCount rows in it
 * @param rejectedRows rows in the other file; 0 if there is none
 */
record WrittenFile(
        DataFileName name, TableLayout layout, Optional<DataFileStatus> status, long rowCount, long rejectedRows)
        implements DataFile {
    @Override
    public long sizeBytes() {
        return status.map(DataFileStatus::getSize).orElse(0L);
    }
}
