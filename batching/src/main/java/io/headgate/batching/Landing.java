package io.headgate.batching;

import java.util.List;
import java.util.OptionalLong;

/**
 * What became of the rows of one request.
 *
 * @param state where they are
 * @param version the table's version that brought them; empty if they are in none, or nobody remembers which
 * @param rejectedRows how many of them the table could not take any more, so that they were put aside
 * @param rejected the first of those, {@link #LISTED_MAX} at the most
 * @param note what else there is to say, as a sentence; empty if nothing
 */
public record Landing(State state, OptionalLong version, long rejectedRows, List<Rejected> rejected, String note) {
    /** The most rejected rows that are listed one by one. */
    public static final int LISTED_MAX = 1_000;

    /** In the log, and no more is known. */
    public static final Landing NOT_YET = new Landing(State.DURABLE, OptionalLong.empty(), 0, List.of(), "");

    /** Where a request's rows are. */
    public enum State {
        /** In the log, and not known to be in the table. */
        DURABLE,
        /** In the table, but for those that were rejected. */
        COMMITTED,
        /** Put aside, all of them: the table could not take them any more. */
        REJECTED,
        /** Given up: no commit has them or ever will. */
        ABANDONED
    }

    /**
     * A row that was put aside.
     *
     * @param record which of the request's rows it is, from 0
     * @param reason what the table has no place for
     */
    public record Rejected(int record, String reason) {}

    public Landing {
        rejected = List.copyOf(rejected);
    }

    /** All of the rows are in the table since a version. */
    public static Landing committed(long version) {
        return new Landing(State.COMMITTED, OptionalLong.of(version), 0, List.of(), "");
    }

    /** The table tells no more than this. */
    public static Landing noted(State state, OptionalLong version, String note) {
        return new Landing(state, version, 0, List.of(), note);
    }
}
