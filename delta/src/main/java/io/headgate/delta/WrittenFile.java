package io.headgate.delta;

import io.headgate.batching.TableWriter.DataFile;
import io.headgate.delta.kernel.TableLayout;
import java.util.List;

/**
 * What was made of a range, on the medium: data files with the rows that fit, and one with those that do not.
 *
 * @param name the data files' common name, whether or not there was a row for one
 * @param layout what they were written for
 * @param files the data files; none if no row fits, one for each partition that there are rows of, or several for one of
 *     very many rows
 * @param rowCount rows in them
 * @param rejectedRows rows in the other file; 0 if there is none
 */
record WrittenFile(DataFileName name, TableLayout layout, List<PartitionFile> files, long rowCount, long rejectedRows)
        implements DataFile {
    WrittenFile {
        files = List.copyOf(files);
    }

    @Override
    public long sizeBytes() {
        return files.stream().mapToLong(file -> file.status().getSize()).sum();
    }
}
