package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.model.ManualClock;
import io.headgate.model.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final ManualClock clock = new ManualClock(Instant.EPOCH);
    private final Deadlines deadlines = new Deadlines(Duration.ofSeconds(30).toNanos(), clock::nanoTime);
    private final List<Integer> overdue = new ArrayList<>();

    private final class Request extends Deadlines.Waiting {
        private final int number;

        Request(int number) {
            this.number = number;
        }

        @Override
        void overdue() {
            overdue.add(number);
            leave();
        }
    }

    private Request added(int number) {
        Request request = new Request(number);
        deadlines.add(request);
        return request;
    }

    @Test
    void eachHasTheWholeTimeAndNotMore() {
        added(1);
        clock.advance(Duration.ofSeconds(10));
        added(2);
        clock.advance(Duration.ofNanos(Duration.ofSeconds(20).toNanos() - 1));
        deadlines.expire();
        assertEquals(List.of(), overdue);
        clock.advance(Duration.ofNanos(1));
        deadlines.expire();
        assertEquals(List.of(1), overdue);
        clock.advance(Duration.ofSeconds(10));
        deadlines.expire();
        assertEquals(List.of(1, 2), overdue);
    }

    @Test
    void whoeverLeavesInAnyOrderIsForgotten() {
        Random random = Seed.forTest("DeadlinesTest").random();
        List<Request> waiting = new ArrayList<>();
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            waiting.add(added(i));
            if (random.nextBoolean()) {
                waiting.remove(random.nextInt(waiting.size())).leave();
            }
        }
        waiting.forEach(request -> left.add(request.number));
        clock.advance(Duration.ofSeconds(30));
        deadlines.expire();
        assertEquals(left, overdue);
        deadlines.expire();
        assertEquals(left.size(), overdue.size());
    }
}
