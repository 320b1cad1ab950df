package io.headgate.wal;

import java.io.IOException;

/** Another process, or another part of this one, works on the log. */
public final class LogInUseException extends IOException {
    LogInUseException(String directory, String holder) {
        super("The log in " + directory + " is in use by " + holder
                + ": a log belongs to one process. Stop that one first, or give this one a log.path of its own.");
    }
}
