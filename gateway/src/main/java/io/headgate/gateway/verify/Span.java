package io.headgate.gateway.verify;

import io.headgate.model.StreamRange;

/**
 * A stretch of log positions about which one table says one thing.
 *
 * @param kind what it says
 * @param range the positions
 * @param rows how many rows of the table must be there, but for {@link Kind#WAITING}
 * @param version the version that says so
 */
record Span(Kind kind, StreamRange range, long rows, long version) {
    enum Kind {
        /** These are in the table. */
        COMMITTED,
        /** Commits before and after leave these out, so none may be the table's. */
        LEFT_OUT,
        /** An operator gave these up: whether or not the table has some of them, none is missing. */
        ABANDONED,
        /** These are not in the table yet. */
        WAITING
    }
}
