package io.headgate.batching;

import java.util.concurrent.Executor;

/** Somebody to be told, on an executor of their own, that rows are durable. */
interface Ack {
    Executor loop();

    /** On that executor. */
    void acknowledge();

    /** Where the rows are. */
    long position();
}
