package io.headgate.batching;

import java.io.IOException;
import java.util.function.LongSupplier;

/** One table's place among all commits: booked once its rows have waited long enough. For the table's committer alone. */
final class CommitTurn {
    /** Hands a table's entries to whoever makes a data file of them. */
    @FunctionalInterface
    interface Reading {
        /** Returns how many there were. */
        long read() throws IOException;
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
     *
     * @param passed positions that are looked at, 1 or more
     */
    void reads(long passed, Reading rows) throws IOException {
        long before = pace.cpuNanos();
        long own = rows.read();
        rowsNanos += (pace.cpuNanos() - before) * own / passed;
    }

    /** The commit, or an attempt at it, is over. */
    void ends() {
        costNanos = pace.cpuNanos() - startedNanos - rowsNanos;
        pace.settle(booked ? bookedNanos : 0, costNanos);
        booked = false;
    }
}
