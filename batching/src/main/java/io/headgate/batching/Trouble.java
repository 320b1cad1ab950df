package io.headgate.batching;

import io.headgate.model.Outage;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What keeps one table from being committed to: since when, why, and when to try again. */
final class Trouble {
    private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

    /** A table that could not be committed to for so long is sick: its rows must not hurt others. */
    static final long SICK_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LoggedTable table;
    private final LongSupplier nanoTime;
    private final RetryDelay retry;
    private final Outage commits;
    private volatile String problem = "";
    private volatile boolean trying;
    private volatile long tryingSinceNanos;
    private long retryAtNanos;

    Trouble(LoggedTable table, LongSupplier nanoTime, RetryDelay retry) {
        this.table = table;
        this.nanoTime = nanoTime;
        this.retry = retry;
        this.commits = new Outage(nanoTime);
    }

    /** Nanoseconds for which nothing is to be tried, whatever arrives; 0 or less if it may be. For the committer alone. */
    long pauseNanos() {
        return problem.isEmpty() ? 0 : retryAtNanos - nanoTime.getAsLong();
    }

    void attemptBegins() {
        tryingSinceNanos = nanoTime.getAsLong();
        trying = true;
    }

    void attemptEnds() {
        trying = false;
    }

    /** Returns the pause to make, in nanoseconds. */
    long failed(Throwable cause) {
        problem = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        long failures = commits.failed();
        if (failures > 0 && !(cause instanceof FencedException)) { // of that tells whoever ends all commits
            boolean known = cause instanceof IOException || cause instanceof TableChangedException;
            LOG.atWarn()
                    .addKeyValue("table", table.name())
                    .addKeyValue("failures", failures)
                    .setCause(known ? null : cause)
                    .log("Commit failed, rows stay in the log: {}", problem);
        }
        long pauseNanos = retry.next();
        retryAtNanos = nanoTime.getAsLong() + pauseNanos;
        return pauseNanos;
    }

    void healed() {
        problem = "";
        retry.reset();
        Duration age = commits.age();
        long failures = commits.healed();
        if (failures > 0) {
            LOG.atInfo()
                    .addKeyValue("table", table.name())
                    .addKeyValue("failures", failures)
                    .log("Commits work again after {} s", age.toSeconds());
        }
    }

    /** Why the last attempt failed, or that this one gets no answer; empty if all is well. Any thread. */
    String problem() {
        String known = problem;
        long stuckNanos = stuckNanos();
        if (!known.isEmpty() || stuckNanos < SICK_NANOS) {
            return known;
        }
        return "A commit has been under way for " + TimeUnit.NANOSECONDS.toSeconds(stuckNanos)
                + " s: the table's storage does not answer.";
    }

    /** For how long nothing could be committed. Any thread. */
    Duration age() {
        Duration failing = commits.age();
        Duration stuck = Duration.ofNanos(stuckNanos());
        return failing.compareTo(stuck) > 0 ? failing : stuck;
    }

    boolean isSick() {
        return age().toNanos() >= SICK_NANOS;
    }

    private long stuckNanos() {
        return trying ? nanoTime.getAsLong() - tryingSinceNanos : 0;
    }
}
