package io.headgate.gateway.http;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.headgate.model.Seed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<String> begun = new ArrayList<>();

    private class Request implements Turns.Turn {
        private final String subject;
        final String name;
        private boolean leavesAtOnce;

        Request(String subject, String name) {
            this.subject = subject;
            this.name = name;
        }

        @Override
        public String subject() {
            return subject;
        }

        @Override
        public void begin() {
            begun.add(name);
            if (leavesAtOnce) {
                turns.leave(this, tasks::add);
            }
        }
    }

    private void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void aCallersRequestsBeginOneAfterAnother() {
        Request first = new Request("a", "1");
        Request second = new Request("a", "2");
        turns.enter(first);
        turns.enter(second);
        assertEquals(List.of("1"), begun);
        turns.leave(second, tasks::add); // not its turn
        turns.leave(first, tasks::add);
        turns.leave(first, tasks::add); // a second time
        assertEquals(List.of("1"), begun, "in a task of its own");
        Request third = new Request("a", "3");
        turns.enter(third);
        runAll();
        assertEquals(List.of("1", "2"), begun);
        turns.leave(second, tasks::add);
        runAll();
        assertEquals(List.of("1", "2", "3"), begun);
    }

    @Test
    void othersDoNotWait() {
        turns.enter(new Request("a", "1"));
        turns.enter(new Request("b", "2"));
        assertEquals(List.of("1", "2"), begun);
    }

    @Test
    void manyThatWaitTakeNoStack() {
        Request first = new Request("a", "first");
        turns.enter(first);
        for (int i = 0; i < 100_000; i++) {
            Request next = new Request("a", "next");
            next.leavesAtOnce = true;
            turns.enter(next);
        }
        turns.leave(first, tasks::add);
        runAll();
        assertEquals(100_001, begun.size());
    }

    @Test
    void ofEachCallerAtMostOneIsUnderWayAndInOrder() {
        Random random = Seed.forTest("TurnsTest").random();
        Map<String, Deque<String>> toBegin = new HashMap<>();
        Map<String, Turns.Turn> underWay = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            String subject = "s" + random.nextInt(5);
            if (random.nextBoolean()) {
                Turns.Turn request = new Request(subject, "r" + i) {
                    @Override
                    public void begin() {
                        assertEquals(requireNonNull(toBegin.get(subject)).removeFirst(), name);
                        assertNull(underWay.put(subject, this), "another one is under way");
                    }
                };
                toBegin.computeIfAbsent(subject, each -> new ArrayDeque<>()).add("r" + i);
                turns.enter(request);
            } else if (underWay.containsKey(subject)) {
                turns.leave(requireNonNull(underWay.remove(subject)), tasks::add);
            }
            if (random.nextInt(10) == 0) {
                runAll();
            }
        }
        runAll();
        assertEquals(5, underWay.size());
    }
}
