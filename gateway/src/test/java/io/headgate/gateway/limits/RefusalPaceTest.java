package io.headgate.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RefusalPaceTest {
    private static final int PER_SECOND = 10;
    private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

    private long nanos = Long.MAX_VALUE - 5; // as System.nanoTime() may, it wraps around
    private final RefusalPace pace = new RefusalPace(PER_SECOND, () -> nanos);

    private long refuse(int times) {
        long last = 0;
        for (int i = 0; i < times; i++) {
            last = pace.refused();
        }
        return last;
    }

    @Test
    void asManyAsASecondHasWaitForNothing() {
        assertEquals(0, refuse(PER_SECOND));
        assertEquals(STEP_NANOS, pace.refused());
        assertEquals(2 * STEP_NANOS, pace.refused());
    }

    @Test
    void nobodyWaitsForMoreThanASecondHoweverManyThereAre() {
        assertEquals(TimeUnit.SECONDS.toNanos(1), refuse(1_000_000));
    }

    @Test
    void whatTheRateAllowsIsForgottenAsTimePasses() {
        refuse(1_000_000);
        nanos += TimeUnit.SECONDS.toNanos(2);
        assertEquals(0, refuse(PER_SECOND));
        assertTrue(pace.refused() > 0);
    }

    @Test
    void aSteadyRateNeverWaits() {
        for (int i = 0; i < 1_000; i++) {
            assertEquals(0, pace.refused());
            nanos += STEP_NANOS;
        }
    }
}
