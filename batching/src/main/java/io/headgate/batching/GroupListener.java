package io.headgate.batching;

import java.util.List;

/**
 * Told by the log what became durable. Called on the log's writer thread, which begins its next group only afterwards, with
 * all that has come by then. Never throw.
 */
public interface GroupListener {
    /**
     * These appends are durable. Called once per group, in order of position.
     *
     * @param group the appends; the list is the log's own and is reused after the call
     */
    void forced(List<? extends Append> group);
}
