package io.headgate.wal;

import java.io.IOException;

/** Takes what {@link LogScan} finds, in order. */
@FunctionalInterface
public interface LogVisitor {
    /**
     * @param entry valid during the call only
     * @return whether more are wanted
     */
    boolean entry(ScannedEntry entry) throws IOException;

    /**
     * The segments handed out so far were trimmed meanwhile, and others with them that were not: what comes next does not
     * follow on what came before.
     */
    default void trimmed() {}
}
