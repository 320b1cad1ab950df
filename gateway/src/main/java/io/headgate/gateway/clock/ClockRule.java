package io.headgate.gateway.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * When a wall clock cannot be right: before this program was built, or more than a day before the newest entry of the
 * log. The one rule of the gateway and of {@code headgate doctor}.
 *
 * @param built when this program was built; empty if it does not know
 * @param ignoreAfter entries received later count for nothing: the clock was wrong then, as its operator says
 */
public record ClockRule(Optional<Instant> built, Optional<Instant> ignoreAfter) {
    /** A clock may be set back by less without a word: it was a little ahead. */
    private static final Duration BEHIND_MAX = Duration.ofDays(1);

    /** Whether an entry's time of receipt says anything about the clock. */
    public boolean counts(Instant received) {
        return ignoreAfter.isEmpty() || !received.isAfter(ignoreAfter.get());
    }

    /**
     * Why the clock cannot be right, as the end of a sentence; empty if it can.
     *
     * @param newest when the newest entry of those that count was received; empty if there is none
     */
    public Optional<String> problem(Instant now, Optional<Instant> newest) {
        if (built.isPresent() && now.isBefore(built.get())) {
            return Optional.of("it is " + seconds(now) + " here, before this program was built, " + built.get());
        }
        return newest.filter(at -> now.isBefore(at.minus(BEHIND_MAX)))
                .map(at -> "it is " + seconds(now) + " here, more than a day before the newest entry of the log was"
                        + " received, " + seconds(at));
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
