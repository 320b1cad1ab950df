package io.headgate.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.model.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Workers here are a queue: what is in it has been started and has not ended. */
class CommitSchedulerTest {
    private final ManualClock clock = new ManualClock(Instant.EPOCH);
    private final Deque<Runnable> running = new ArrayDeque<>();
    private final CommitScheduler scheduler = new CommitScheduler(clock::nanoTime, running::add);
    private final List<Integer> attempted = new ArrayList<>();

    private void wake(int first, int last) {
        for (int task = first; task <= last; task++) {
            int number = task;
            scheduler.wake(
                    () -> {
                        attempted.add(number);
                        return CommitScheduler.NEVER;
                    },
                    0);
        }
    }

    @Test
    void aFewRunAtOnceAndTheOthersAfterThem() {
        wake(1, 6);
        scheduler.tick();
        assertEquals(4, running.size());
        while (!running.isEmpty()) {
            running.remove().run();
            scheduler.tick();
        }
        assertEquals(List.of(1, 2, 3, 4, 5, 6), attempted.stream().sorted().toList());
    }

    @Test
    void attemptsThatHangMakeRoomForOthersAfterAWhile() {
        wake(1, 5);
        scheduler.tick();
        clock.advance(Duration.ofSeconds(9));
        scheduler.tick();
        assertEquals(4, running.size());
        clock.advance(Duration.ofSeconds(1));
        scheduler.tick();
        assertEquals(5, running.size());
        running.removeLast().run();
        assertEquals(1, attempted.size());
    }

    @Test
    void whatHangsIsBounded() {
        wake(1, 100);
        for (int i = 0; i < 100; i++) {
            scheduler.tick();
            clock.advance(Duration.ofSeconds(10));
        }
        assertEquals(SharedStreams.ATTEMPTS_MAX, running.size());
        running.remove().run();
        scheduler.tick();
        assertEquals(SharedStreams.ATTEMPTS_MAX, running.size());
    }
}
