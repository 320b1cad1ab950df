package io.headgate.delta;

import java.io.IOException;

/**
 * Tables cannot be kept here, now or later: what is wrong is the place, and not its state of the moment. The message
 * says what to do.
 */
public final class UnsuitableStorageException extends IOException {
    private static final long serialVersionUID = 1L;

    UnsuitableStorageException(String message, IOException cause) {
        super(message, cause);
    }

    UnsuitableStorageException(String message) {
        super(message);
    }
}
