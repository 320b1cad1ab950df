package io.headgate.gateway.clock;

import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps requests out while the clock cannot be right: tokens would be refused to a whole fleet that has done nothing
 * wrong, or accepted long after their end. Looks at the clock when told to, once a second in a gateway, so a clock that
 * is set opens it again, and one that jumps closes it. What is asked for each request is a field. Any thread.
 */
public final class ClockGuard {
    private static final Logger LOG = LoggerFactory.getLogger(ClockGuard.class);
    private static final int RETRY_AFTER_SECONDS = 10;
    private static final long NONE = Long.MIN_VALUE;
    private static final String REMEDY =
            "Set the clock; nothing needs to be started again. If it is right, and was ahead"
                    + " when an entry of the log was received, set clock.ignore-entries-after to a moment between the two and"
                    + " start the gateway again.";

    private final ClockRule rule;
    private final InstantSource clock;
    private volatile long newestMillis = NONE;
    private volatile @Nullable String problem;
    private volatile @Nullable Refusal refusal;

    /** @param clock wall time */
    public ClockGuard(ClockRule rule, InstantSource clock) {
        this.rule = rule;
        this.clock = clock;
    }

    /**
     * An entry of the log was received at this time.
     *
     * @param millis since 1970
     */
    public void received(long millis) {
        // Of two threads at once the earlier time may stay: the rule is about days.
        if (millis > newestMillis && rule.counts(Instant.ofEpochMilli(millis))) {
            newestMillis = millis;
        }
    }

    /** Looks at the clock. */
    public synchronized void look() {
        long newest = newestMillis;
        String found = rule.problem(
                        clock.instant(), newest == NONE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(newest)))
                .orElse(null);
        tell(problem, found);
        problem = found;
        refusal = found == null
                ? null
                : Refusal.unavailable(
                        "This gateway's clock is not set: " + found
                                + ". Nothing was stored; send the request again once its operator has set it.",
                        RETRY_AFTER_SECONDS);
    }

    private static void tell(@Nullable String before, @Nullable String now) {
        if (before != null && now == null) {
            LOG.info("The clock is set: requests are taken again");
        } else if (before == null && now != null) {
            LOG.error("The clock is not set: {}. Until then every request is answered 503. {}", now, REMEDY);
        }
    }

    /** @throws RefusedException UNAVAILABLE while the clock cannot be right */
    public void check() {
        Refusal closed = refusal;
        if (closed != null) {
            throw closed.asException();
        }
    }

    /** Why the clock cannot be right, and what to do about it; empty if it can. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem).map(found -> "clock not set: " + found + ". " + REMEDY);
    }
}
