package io.headgate.wal;

import io.headgate.model.StreamRange;
import io.headgate.model.TableId;

/**
 * Entries of one table in a file of their own. {@link ParkedFiles} guards what changes in it.
 *
 * @param file the file
 * @param table whose entries it has
 * @param range all entries of the table in there are in this file, but for those that the table had when it was written
 */
record ParkedFile(Segment file, TableId table, StreamRange range) {
    boolean has(TableId of, long position) {
        return range.contains(position) && table.equals(of);
    }
}
