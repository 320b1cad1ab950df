package io.headgate.auth;

/** Carries a {@link TokenProblem} up to the edge. It has no stack trace: it is an answer, not a fault of ours. */
public final class TokenRefusedException extends RuntimeException {
    private final transient TokenProblem problem;

    TokenRefusedException(TokenProblem problem) {
        super(problem.description(), null, false, false);
        this.problem = problem;
    }

    /** What to answer. */
    public TokenProblem problem() {
        return problem;
    }
}
