package io.headgate.gateway.http;

import io.headgate.batching.ByteBudget;
import io.headgate.schema.ByteReservation;

/**
 * One request's share of the in-flight budget: its body as it arrives and expands, and its rows as they grow. Given back
 * once, by whoever ends the request. One thread at a time.
 */
final class InFlightBytes implements ByteReservation {
    private final ByteBudget budget;
    private long reservedBytes;

    InFlightBytes(ByteBudget budget) {
        this.budget = budget;
    }

    @Override
    public boolean grow(int additionalBytes) {
        if (!budget.tryReserve(additionalBytes)) {
            return false;
        }
        reservedBytes += additionalBytes;
        return true;
    }

    /** What is held now. */
    long bytes() {
        return reservedBytes;
    }

    /** Gives back a part that is needed no longer. */
    void giveBack(int bytes) {
        releaseTo(reservedBytes - bytes);
    }

    /** Gives everything back. Does nothing the second time. */
    void release() {
        releaseTo(0);
    }

    /** Gives back what was taken since {@link #bytes} were held. */
    void releaseTo(long heldBytes) {
        long bytes = reservedBytes - heldBytes;
        reservedBytes = heldBytes;
        if (bytes > 0) {
            budget.release(bytes);
        }
    }
}
