package io.headgate.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReturnTimesTest {
    private final ManualClock clock = new ManualClock(Instant.EPOCH);
    private final ReturnTimes times = new ReturnTimes(Duration.ofMinutes(1), clock::nanoTime, new Random(1));

    /** {@code perSecond} requests are accepted for a second; the clock stands at its end. */
    private void accept(int perSecond) {
        for (int i = 0; i < perSecond; i++) {
            times.accepted();
        }
        clock.advance(Duration.ofSeconds(1));
    }

    private int[] refuse(int callers, int atLeastSeconds) {
        int[] returning = new int[200];
        for (int i = 0; i < callers; i++) {
            returning[times.secondsFor("device-" + i, atLeastSeconds)]++;
        }
        return returning;
    }

    @Test
    void aHerdComesBackAtHalfOfWhatTheDiskTook() {
        accept(2_000);
        int[] returning = refuse(10_000, 1);
        for (int second = 1; second <= 10; second++) {
            assertEquals(1_000, returning[second], "in second " + second);
        }
    }

    @Test
    void nobodyComesBeforeItHelps() {
        accept(2_000);
        int[] returning = refuse(3_000, 5);
        assertEquals(1_000, returning[5]);
        assertEquals(1_000, returning[6]);
        assertEquals(1_000, returning[7]);
    }

    @Test
    void placesPassWithTime() {
        accept(2_000);
        refuse(10_000, 1);
        clock.advance(Duration.ofSeconds(9));
        assertEquals(2, times.secondsFor("one more", 1));
        clock.advance(Duration.ofSeconds(10));
        assertEquals(1, times.secondsFor("one more", 1));
    }

    @Test
    void beyondTheLongestTimeTheLaterHalfIsEven() {
        accept(200);
        int[] returning = refuse(66_000, 1);
        for (int second = 1; second < 60; second++) {
            int expected = second <= 30 ? 100 : 2_100;
            assertTrue(Math.abs(returning[second] - expected) <= expected / 10, second + ": " + returning[second]);
        }
        assertEquals(0, returning[61]);
    }

    /** The disk stands still: what it took before is what it will take. */
    @Test
    void theRateIsRememberedWhileNothingIsAccepted() {
        accept(2_000);
        times.secondsFor("first", 1);
        clock.advance(Duration.ofSeconds(10));
        int[] returning = refuse(1_000, 1);
        assertEquals(0, returning[3]);
        assertTrue(returning[1] > 850, "in the first second " + returning[1]);
    }
}
