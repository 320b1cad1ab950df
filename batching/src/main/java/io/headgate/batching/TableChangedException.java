package io.headgate.batching;

/** The table is no longer one that the pending rows can be committed to. Waiting does not mend it; somebody must. */
public final class TableChangedException extends Exception {
    /** @param message what changed, and what to do */
    public TableChangedException(String message) {
        super(message);
    }
}
