package io.headgate.batching;

/** Waits for one append to become durable. */
@FunctionalInterface
public interface AckHandler {
    /** The rows are durable: answer now. Called once, on the executor given with the append. */
    void durable(long position);
}
