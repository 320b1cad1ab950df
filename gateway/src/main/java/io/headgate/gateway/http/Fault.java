package io.headgate.gateway.http;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a request, fit for the log: which exceptions and where, but none of their words. Libraries quote
 * in them what they could not make sense of, which may be a row or a token.
 */
final class Fault extends RuntimeException {
    private static final int CAUSES_MAX = 5;

    private Fault(Throwable of, @Nullable Fault cause) {
        super(of.getClass().getName(), cause);
        setStackTrace(of.getStackTrace());
    }

    static Fault of(Throwable problem) {
        return of(problem, CAUSES_MAX);
    }

    private static Fault of(Throwable problem, int causesMax) {
        Throwable cause = problem.getCause();
        return new Fault(problem, cause == null || causesMax == 0 ? null : of(cause, causesMax - 1));
    }
}
