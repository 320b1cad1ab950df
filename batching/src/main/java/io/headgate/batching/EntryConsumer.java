package io.headgate.batching;

import java.io.IOException;

/** Takes entries in order of position. */
@FunctionalInterface
public interface EntryConsumer {
    /** @param entry valid during the call only */
    void accept(LogEntry entry) throws IOException;
}
