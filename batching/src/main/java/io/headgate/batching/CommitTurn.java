package io.headgate.batching;

import java.io.IOException;
import java.util.function.LongSupplier;

/** One table's place among all commits: booked once its rows have waited long enough. For the table's committer alone. */
final class CommitTurn {
    /** Hands a table's entries to whoever makes a data file of them. */
    @FunctionalInterface
    interface Reading {
        /** Returns what share of the entries that were looked at they were, above 0 to 1. */
        double read() throws IOException;
    }

    private final CommitPace pace;
    private final LongSupplier nanoTime;
    private boolean booked;
    private long bookedNanos;
    private long beginsNanos;
    private long costNanos; // of the table's last commit
    private long startedNanos;
    private long rowsNanos;

    CommitTurn(CommitPace pace, LongSupplier nanoTime) {
        this.pace = pace;
        this.nanoTime = nanoTime;
    }

    /** Nanoseconds until a commit that is due may begin: it is booked by the first call. */
    long delayNanos() {
        if (!booked) {
            booked = true;
            bookedNanos = costNanos;
            beginsNanos = pace.book(bookedNanos);
        }
        return Math.max(0, beginsNanos - nanoTime.getAsLong());
    }

    /** A commit begins, whether it waited for its turn or could not. */
    void begins() {
        startedNanos = pace.cpuNanos();
        rowsNanos = 0;
    }

    /**
     * Reads the commit's rows. Those cost what they cost however many commits they come in, and count for nothing; passing over
     * those of other tables does count.
     */
    void reads(Reading rows) throws IOException {
        long before = pace.cpuNanos();
        double own = rows.read();
        rowsNanos += Math.round((pace.cpuNanos() - before) * own);
    }

    /** The commit, or an attempt at it, is over. */
    void ends() {
        costNanos = pace.cpuNanos() - startedNanos - rowsNanos;
        pace.settle(booked ? bookedNanos : 0, costNanos);
        booked = false;
    }
}
