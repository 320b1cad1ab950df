package io.headgate.gateway.verify;

/** What a verification comes to. */
public enum Verdict {
    /** Nothing is lost and nothing is in twice, as far as what is kept goes back. */
    FINE,
    /** What would tell is gone, cannot be read, or is somebody else's. */
    CANNOT_TELL,
    /** Rows are lost, or in a table twice, or are going to be. */
    LOSS_OR_DUPLICATE;

    /** The one that matters more. */
    Verdict and(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
