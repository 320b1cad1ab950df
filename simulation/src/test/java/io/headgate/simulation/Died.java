package io.headgate.simulation;

/** Ends a gateway's own code in the middle of a call, as its process' death does. Whatever catches it acts for nobody. */
@SuppressWarnings("serial")
final class Died extends Error {
    Died() {
        super("the process is dead", null, false, false);
    }
}
