package io.headgate.gateway.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** Ends a command with a message for its user (problem, cause, remedy) and an exit code. Never shown with its stack. */
final class CommandException extends RuntimeException {
    private final int exitCode;

    CommandException(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /** Ends a command over what the disk or the network did not do. */
    static CommandException of(int exitCode, IOException cause) {
        // The JDK's own messages about files are often no more than the file's name.
        boolean bare = cause instanceof FileSystemException file && file.getReason() == null;
        return new CommandException(exitCode, bare ? cause.toString() : String.valueOf(cause.getMessage()));
    }

    int exitCode() {
        return exitCode;
    }
}
