package io.headgate.gateway.doctor;

import java.util.Locale;

/** What came of a check. */
public enum Verdict {
    /** As it should be. */
    OK,
    /** A gateway runs, and something about it is worse than it could be. */
    WARN,
    /** A gateway does not run, or does not keep its promise. */
    FAIL,
    /** There is nothing to look at, or no way to. */
    SKIPPED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
