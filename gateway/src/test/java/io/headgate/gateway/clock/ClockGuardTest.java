package io.headgate.gateway.clock;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.ManualClock;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClockGuardTest {
    private static final Instant BUILT = Instant.parse("2026-11-22T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private final ManualClock clock = new ManualClock(BUILT);

    private ClockGuard guard(Optional<Instant> ignoreAfter) {
        ClockGuard guard = new ClockGuard(new ClockRule(Optional.of(BUILT), ignoreAfter), clock);
        guard.look();
        return guard;
    }

    private static Refusal refusal(ClockGuard guard) {
        guard.look();
        return assertThrows(RefusedException.class, guard::check).refusal();
    }

    private static void assertOpen(ClockGuard guard) {
        guard.look();
        assertDoesNotThrow(guard::check);
        assertEquals(Optional.empty(), guard.problem());
    }

    @Test
    void aClockIsNotSetBeforeTheBuildAndHealsWithoutARestart() {
        clock.advance(Duration.ofMillis(-1));
        ClockGuard guard = guard(Optional.empty());
        Refusal refused = refusal(guard);
        assertEquals(Refusal.Code.UNAVAILABLE, refused.code());
        assertTrue(refused.retryAfterSeconds() > 0);
        assertTrue(refused.message().contains("clock is not set: it is 2026-11-21T23:59:59Z"), refused::message);
        assertTrue(guard.problem().orElseThrow().startsWith("clock not set: it is 2026-11-21"));
        clock.advance(Duration.ofMillis(1));
        assertOpen(guard);
    }

    @Test
    void aDayBeforeTheNewestEntryIsStillRight() {
        ClockGuard guard = guard(Optional.empty());
        guard.received(BUILT.plus(DAY).toEpochMilli());
        assertOpen(guard);
        guard.received(BUILT.toEpochMilli());
        guard.received(BUILT.plus(DAY).toEpochMilli() + 1);
        assertTrue(refusal(guard).message().contains("more than a day before the newest entry"));
    }

    @Test
    void aClockThatJumpsBackWhileItRunsClosesAndOneThatJumpsForthOpens() {
        ClockGuard guard = guard(Optional.empty());
        clock.advance(DAY.multipliedBy(3));
        guard.received(clock.millis());
        assertOpen(guard);
        clock.advance(DAY.multipliedBy(-2));
        refusal(guard);
        clock.advance(DAY);
        assertOpen(guard);
    }

    @Test
    void entriesFromAClockThatWasAheadCountForNothingIfTheOperatorSaysSo() {
        Instant future = BUILT.plus(DAY.multipliedBy(4_000));
        ClockGuard guard = guard(Optional.empty());
        guard.received(future.toEpochMilli());
        refusal(guard);
        ClockGuard told = guard(Optional.of(BUILT.plus(DAY)));
        told.received(future.toEpochMilli());
        assertOpen(told);
        told.received(BUILT.plus(DAY).toEpochMilli());
        clock.advance(Duration.ofSeconds(-1));
        assertTrue(refusal(told).message().contains("before this program was built"), "the build still counts");
    }
}
