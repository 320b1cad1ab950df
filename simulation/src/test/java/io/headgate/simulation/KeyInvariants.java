package io.headgate.simulation;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.util.Optional;

/**
 * What a key promises: within the window its request is stored at most once, whatever became of answers and processes; each
 * later attempt gets the first one's answer, and one with another body is refused.
 */
final class KeyInvariants {
    private final World world;

    KeyInvariants(World world) {
        this.world = world;
    }

    /** The attempt that must stand for another one that arrives now. */
    Optional<Request> known(Gateway gateway, Request arriving) {
        KeyedRequest keyed = arriving.keyed;
        return keyed == null
                ? Optional.empty()
                : keyed.known(world.clock.millis(), world.keyWindow().toMillis())
                        .or(() -> keyed.inFlight(gateway));
    }

    /** An attempt was accepted, or waits for the answer of an earlier one. */
    void taken(Gateway gateway, Request attempt, Optional<Request> known) {
        boolean joined = attempt.outcome == Request.Outcome.JOINED;
        known.ifPresent(first -> {
            world.violations.unless(joined, () -> "Accepted beside " + first + ": " + attempt);
            world.violations.unless(first.body() == attempt.body(), () -> "Taken for " + first + ": " + attempt);
            world.coverage.saw(gateway.sourceOf(first));
        });
        // A process knows a key for longer than the window if it took long to store its request.
        boolean isLate = attempt.keyed != null && attempt.keyed.isStored();
        world.violations.unless(
                !joined || known.isPresent() || isLate, () -> "Waits for the answer of nobody: " + attempt);
        if (!joined && isLate) {
            world.coverage.saw(Event.KEY_EXPIRED);
        }
    }

    /** An attempt was refused: if its key is known, because that came with another body, and else not for that. */
    void refused(Request attempt, Optional<Request> known, RefusedException why) {
        boolean forBody = why.refusal().code() == Refusal.Code.KEY_REUSED;
        known.ifPresent(first -> world.violations.unless(
                forBody && first.body() != attempt.body(), () -> "Refused beside " + first + ": " + attempt));
        KeyedRequest keyed = attempt.keyed;
        world.violations.unless(
                !forBody || (keyed != null && keyed.wasAcceptedWithout(attempt.body())),
                () -> "Refused for another body that never was: " + attempt);
        if (forBody) {
            world.coverage.saw(Event.REFUSED_FOR_ANOTHER_BODY);
        }
    }

    /** An attempt was answered for an earlier one. */
    void replayed(Request attempt, long position) {
        world.violations.unless(
                attempt.outcome == Request.Outcome.JOINED, () -> "Answered for another although accepted: " + attempt);
        boolean isRight = attempt.keyed != null
                && attempt.keyed
                        .at(position)
                        .filter(first -> first.body() == attempt.body())
                        .isPresent();
        world.violations.unless(isRight, () -> "Answered with the position of another, " + position + ": " + attempt);
    }
}
