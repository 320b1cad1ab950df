package io.headgate.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OutageTest {
    private final ManualClock clock = new ManualClock(Instant.EPOCH);
    private final Outage outage = new Outage(clock::nanoTime);

    @Test
    void theFirstFailureIsToldOfAtOnceAndThenOneAMinute() {
        assertEquals(1, outage.failed());
        for (int i = 0; i < 59; i++) {
            clock.advance(Duration.ofSeconds(1));
            assertEquals(0, outage.failed());
        }
        clock.advance(Duration.ofSeconds(1));
        assertEquals(60, outage.failed());
        assertEquals(0, outage.failed());
        clock.advance(Outage.INTERVAL);
        assertEquals(2, outage.failed());
    }

    @Test
    void itsEndIsToldOfOnceWithItsLength() {
        assertEquals(0, outage.healed());
        outage.failed();
        outage.failed();
        clock.advance(Duration.ofHours(2));
        assertTrue(outage.lasts());
        assertEquals(Duration.ofHours(2), outage.age());
        assertEquals(2, outage.healed());
        assertFalse(outage.lasts());
        assertEquals(Duration.ZERO, outage.age());
        assertEquals(0, outage.healed());
        assertEquals(1, outage.failed());
    }
}
