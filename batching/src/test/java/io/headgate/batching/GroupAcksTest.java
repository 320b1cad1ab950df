package io.headgate.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class GroupAcksTest {
    private final Rig rig = new Rig(new SimulatedTables());
    private final List<String> answers = new ArrayList<>();

    @Test
    void aGroupIsOneTaskPerLoopInOrderOfPosition() {
        List<Runnable> one = new ArrayList<>();
        List<Runnable> two = new ArrayList<>();
        Executor firstLoop = one::add;
        append(firstLoop, "a");
        append(two::add, "b");
        append(firstLoop, "c");
        rig.log.force(10);
        assertEquals(List.of(1, 1), List.of(one.size(), two.size()));
        two.get(0).run();
        one.get(0).run();
        assertEquals(List.of("b@1", "a@0", "c@2"), answers);
    }

    @Test
    void oneAnswerThatFailsDoesNotKeepTheOthersWaiting() {
        append(Runnable::run, "a");
        append(Runnable::run, (position, replayed) -> {
            throw new IllegalStateException("client gone");
        });
        append(Runnable::run, "c");
        rig.log.force(10);
        assertEquals(List.of("a@0", "c@2"), answers);
    }

    @Test
    void aLoopThatIsGoneDoesNotKeepTheOthersWaiting() {
        append(
                task -> {
                    throw new RejectedExecutionException("closed");
                },
                "a");
        append(Runnable::run, "b");
        rig.log.force(10);
        assertEquals(List.of("b@1"), answers);
    }

    private void append(Executor loop, String name) {
        append(loop, (position, replayed) -> answers.add(name + "@" + position));
    }

    private void append(Executor loop, AckHandler ack) {
        ByteBuffer payload = ByteBuffer.allocate(4);
        rig.stream(Rig.TABLE).append(new LoggedSchema(Rig.TABLE, "0"), 1, 0, payload, null, loop, ack);
    }
}
