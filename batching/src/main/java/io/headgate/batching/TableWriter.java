package io.headgate.batching;

import io.headgate.model.StreamRange;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes entries into tables, transactionally. Each committed range leaves its exclusive end in the table under our
 * log's name (Delta: {@code txn}), in the same transaction as the rows, so that whoever comes later can tell what is
 * in. All methods block; calls for one table never overlap, but for {@link #landing}, calls for different tables may.
 */
public interface TableWriter {
    /**
     * A version of a table to build the next commit on. Immutable, cheap to keep.
     *
     * @see TableWriter#load
     */
    interface TableSnapshot {
        /** The end of the last range that our log committed to the table, as far as this version says; else empty. */
        OptionalLong committedTo();

        /** Rows that the commit which made this version added, as read back from it; empty if it was loaded. */
        default OptionalLong addedRows() {
            return OptionalLong.empty();
        }

        /** Its number: 0 or more, and ascending with each change to the table. */
        long version();

        /** Whether data files written for {@code other} fit this version too: same schema, protocol and properties. */
        boolean sameLayout(TableSnapshot other);
    }

    /**
     * A data file that is durable but belongs to no version of the table yet; or the several of a range, in a table whose
     * rows are kept apart by the values of some columns. They go into one commit, all or none.
     */
    interface DataFile {
        /** Rows that it adds to the table; may be 0, then the commit carries the range's end alone. */
        long rowCount();

        /** Rows that the table cannot take any more, and that were put aside instead. */
        long rejectedRows();

        long sizeBytes();
    }

    /** Delivers the entries of one commit, in order, as often as asked. */
    @FunctionalInterface
    interface EntrySource {
        void forEach(EntryConsumer consumer) throws IOException;
    }

    /**
     * Loads the latest version of a table.
     *
     * @throws TableChangedException if the table is gone, is another one now, or uses what we cannot write
     * @throws IOException if it cannot be told now
     */
    TableSnapshot load(LoggedTable table) throws TableChangedException, IOException;

    /**
     * Writes the rows of a range to a data file and makes it durable.
     *
     * @param attempt distinguishes data files of the same range within one process, from 0
     * @param entries delivered once or several times
     * @throws TableChangedException if rows are of a newer schema than {@code target}
     * @throws RangeTooWideException if they would make too many files for one commit; it names a shorter range, and is
     *     never thrown for one of a single entry
     */
    DataFile write(LoggedTable table, TableSnapshot target, StreamRange range, int attempt, EntrySource entries)
            throws TableChangedException, RangeTooWideException, IOException;

    /**
     * Tries once to commit a data file, and {@code range.to()} with it, as the version right after {@code base}. Never
     * merges with somebody else's commit.
     *
     * @return the version that this commit made, as the base of the next
     * @throws IOException if it failed, or may have failed: {@link #load} then tells
     */
    TableSnapshot commit(LoggedTable table, TableSnapshot base, StreamRange range, DataFile file) throws IOException;

    /**
     * Whether a version of the table after {@code base}, up to {@code current}, took in this very data file. Asked only
     * when a commit got no clear answer and the table says that its range is in: two processes with copies of one log
     * may both have tried the same range.
     *
     * @param base what the commit was tried on
     * @param current loaded since
     * @throws IOException if it cannot be told now
     */
    boolean tookIn(LoggedTable table, TableSnapshot base, TableSnapshot current, DataFile file) throws IOException;

    /**
     * Whether a version that a commit of ours made is still what the table has there. A tool that checks for a file's
     * absence and then renames onto it may have replaced it. Cheap.
     *
     * @throws IOException if it cannot be told now
     */
    boolean isStillThere(LoggedTable table, TableSnapshot version) throws IOException;

    /**
     * The {@link LogRun#id} of the process that made the commit which {@link TableSnapshot#committedTo} tells of; empty
     * if the table no longer says, or there was none.
     *
     * @throws IOException if it cannot be told now
     */
    Optional<String> committedBy(LoggedTable table, TableSnapshot current) throws IOException;

    /**
     * What became of the request at a position below {@link TableSnapshot#committedTo}, or below what our log notes of
     * the table: found among the commits that the table's log still has. May take seconds; may overlap with all other
     * calls.
     *
     * @throws IOException if it cannot be told now
     */
    Landing landing(LoggedTable table, long position) throws IOException;

    /**
     * Removes data files that no version of the table names or ever will: those that this process wrote and did not
     * commit, and those that earlier processes of ours wrote for ranges from {@code from} on. To be called only once a
     * commit from that position on, or up to it, was seen again: until then a commit of another process may still land in
     * its place, and name them.
     *
     * @param from a position that our log had committed the table up to, as the table itself said
     * @return how many were removed
     */
    int removeLeftovers(LoggedTable table, TableSnapshot current, long from) throws IOException;
}
