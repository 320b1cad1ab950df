package io.headgate.batching;

import io.headgate.model.Refusal;
import org.jspecify.annotations.Nullable;

/** Open, or closed for a reason that whoever knocks is told. Any thread. */
final class Gate {
    private volatile @Nullable Refusal closed;

    void close(Refusal reason) {
        closed = reason;
    }

    void open() {
        closed = null;
    }

    @Nullable
    Refusal closedBy() {
        return closed;
    }

    /** @throws io.headgate.model.RefusedException if closed */
    void check() {
        Refusal reason = closed;
        if (reason != null) {
            throw reason.asException();
        }
    }
}
