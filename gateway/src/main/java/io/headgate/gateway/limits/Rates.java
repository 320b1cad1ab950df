package io.headgate.gateway.limits;

import java.util.Optional;

/**
 * What one caller, one table or all together may send; what is absent is not bounded.
 *
 * @param requests requests, whatever is in them
 * @param bytes bytes of bodies
 */
public record Rates(Optional<Quota> requests, Optional<Quota> bytes) {
    public static final Rates UNBOUNDED = new Rates(Optional.empty(), Optional.empty());

    boolean isUnbounded() {
        return requests.isEmpty() && bytes.isEmpty();
    }
}
