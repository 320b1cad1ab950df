package io.headgate.wal;

import java.io.IOException;

/** Takes what {@link LogScan} finds: parked files first, then segments, each in the order of positions. */
@FunctionalInterface
public interface LogVisitor {
    /**
     * @param entry valid during the call only
     * @return whether more are wanted
     */
    boolean entry(ScannedEntry entry) throws IOException;

    /**
     * The files handed out so far were trimmed meanwhile, and others with them that were not: what comes next does not
     * follow on what came before.
     */
    default void trimmed() {}
}
