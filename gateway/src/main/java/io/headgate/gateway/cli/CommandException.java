package io.headgate.gateway.cli;

/** Ends a command with a message for its user (problem, cause, remedy) and an exit code. Never shown with its stack. */
final class CommandException extends RuntimeException {
    private final int exitCode;

    CommandException(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
