package io.headgate.batching;

/** Waits for one append to become durable. */
@FunctionalInterface
public interface AckHandler {
    /**
     * The rows are durable: answer now. Called once, on the executor given with the append.
     *
     * @param position of their entry
     * @param replayed whether they are those of an earlier request with the same key, and this one added none
     */
    void durable(long position, boolean replayed);
}
