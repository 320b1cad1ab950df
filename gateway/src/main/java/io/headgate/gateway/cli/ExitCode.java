package io.headgate.gateway.cli;

/** What a command's exit code says. Part of the outer contract: scripts and service managers rely on it. */
final class ExitCode {
    /** Done; of a gateway: asked to stop, and stopped in order. */
    static final int OK = 0;
    /** The command could not do what it was asked to. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** Of a verification: what would tell is gone or cannot be read. */
    static final int CANNOT_TELL = 2;
    /** The configuration is wrong: starting again does not help. 3 is left to the JVM, which ends so without memory. */
    static final int CONFIGURATION = 4;
    /** An address cannot be listened on: it is taken, or not this machine's. */
    static final int ADDRESS_UNAVAILABLE = 5;
    /** Another process works on the same data. */
    static final int DATA_IN_USE = 6;
    /** The gateway could not start for another reason. */
    static final int START_FAILED = 7;
    /** The gateway stopped by itself, because it could no longer keep its promise. */
    static final int GATEWAY_FAILED = 8;

    private ExitCode() {}
}
