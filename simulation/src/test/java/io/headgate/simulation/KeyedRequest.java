package io.headgate.simulation;

import io.headgate.batching.IdempotencyKey;
import io.headgate.batching.LoggedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a device sends under one key, as often as it likes. Each attempt has rows of its own, so that it shows in the table
 * which of them was stored.
 */
final class KeyedRequest {
    final Machine machine;
    final LoggedTable table;
    final int rowCount;
    final long number;
    private final List<Request> attempts = new ArrayList<>();

    /** @param machine where all attempts go: keys are known by the log that has them */
    KeyedRequest(Machine machine, LoggedTable table, int rowCount, long number) {
        this.machine = machine;
        this.table = table;
        this.rowCount = rowCount;
        this.number = number;
    }

    /** The key with one of several bodies. */
    IdempotencyKey with(long body) {
        return new IdempotencyKey(0x9E37_79B9_7F4A_7C15L * number, number, body);
    }

    void sent(Request attempt) {
        attempts.add(attempt);
    }

    /** The attempt that was stored and is younger than the window, as of some time. */
    Optional<Request> known(long nowMillis, long windowMillis) {
        return attempts.stream()
                .filter(attempt -> attempt.position >= 0 && nowMillis - attempt.receiveTimeMillis < windowMillis)
                .findFirst();
    }

    /** The attempt that a process has accepted and not forced yet. */
    Optional<Request> inFlight(Gateway by) {
        return attempts.stream()
                .filter(attempt -> attempt.position < 0 && attempt.acceptedBy == by)
                .findFirst();
    }

    /** The attempt that was stored at a position. */
    Optional<Request> at(long position) {
        return attempts.stream().filter(attempt -> attempt.position == position).findFirst();
    }

    /** Whether any attempt was stored, however long ago. */
    boolean isStored() {
        return attempts.stream().anyMatch(attempt -> attempt.position >= 0);
    }

    /** Whether any attempt with another body was ever accepted. */
    boolean wasAcceptedWithout(long body) {
        return attempts.stream().anyMatch(attempt -> attempt.acceptedBy != null && attempt.body() != body);
    }

    /** Another attempt that was stored less than a window before or after one that is. */
    Optional<Request> twinOf(Request stored, long windowMillis) {
        return attempts.stream()
                .filter(other -> other != stored
                        && other.position >= 0
                        && Math.abs(other.receiveTimeMillis - stored.receiveTimeMillis) < windowMillis)
                .findFirst();
    }

    @Override
    public String toString() {
        return "key " + number + " of " + table.id().value() + " at " + machine;
    }
}
