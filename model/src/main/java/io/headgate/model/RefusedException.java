package io.headgate.model;

/** Carries a {@link Refusal} up to the edge. It has no stack trace: a refusal is an answer, not a fault of ours. */
public class RefusedException extends RuntimeException {
    private final transient Refusal refusal;

    /** @param refusal what to answer */
    public RefusedException(Refusal refusal) {
        super(refusal.message(), null, false, false);
        this.refusal = refusal;
    }

    /** What to answer. */
    public final Refusal refusal() {
        return refusal;
    }
}
