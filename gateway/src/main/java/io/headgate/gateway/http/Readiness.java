package io.headgate.gateway.http;

/**
 * How one part of the gateway is doing.
 *
 * @param state whether it can do its work
 * @param message what is wrong, in words for the operator; empty if nothing is
 */
public record Readiness(State state, String message) {
    /** Whether a part can do its work. */
    public enum State {
        /** All is well. */
        READY,
        /** Requests are served, but somebody should look. */
        DEGRADED,
        /** Requests would be refused: send none. */
        NOT_READY
    }

    private static final Readiness READY = new Readiness(State.READY, "");

    public static Readiness ready() {
        return READY;
    }

    public static Readiness degraded(String message) {
        return new Readiness(State.DEGRADED, message);
    }

    public static Readiness notReady(String message) {
        return new Readiness(State.NOT_READY, message);
    }
}
