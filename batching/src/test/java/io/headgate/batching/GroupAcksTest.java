package io.headgate.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupAcksTest {
    private final Rig rig = new Rig(new SimulatedTables());
    private final List<String> answers = new ArrayList<>();

    @Test
    void aSmallGroupIsOneTaskPerLoopInOrderOfPosition() {
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

    /** So that a loop with thousands of answers to give can read in between. */
    @Test
    void aLargeGroupIsManyShortTasks() {
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            append(tasks::add, "");
        }
        rig.log.force(1_000);
        int answered = 0;
        for (Runnable task : tasks) {
            task.run();
            assertTrue(answers.size() > answered && answers.size() <= answered + 8, "a task with no or many answers");
            answered = answers.size();
        }
        assertEquals(IntStream.range(0, 1_000).mapToObj(i -> "@" + i).toList(), answers);
    }

    @Test
    void oneAnswerThatFailsDoesNotKeepTheOthersWaiting() {
        append(Runnable::run, "a");
        append(rig, Runnable::run, (position, replayed) -> {
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

    @Test
    void theNextGroupWaitsUntilTheLoopsHaveGivenTheAcks() throws InterruptedException {
        BlockingQueue<Runnable> one = new LinkedBlockingQueue<>();
        BlockingQueue<Runnable> two = new LinkedBlockingQueue<>();
        Executor firstLoop = one::add;
        Executor secondLoop = two::add;
        Rig patient = rig(Duration.ofMinutes(1));
        for (int i = 0; i < 9; i++) {
            append(patient, firstLoop, "");
            append(patient, secondLoop, "");
        }
        Thread writer = new Thread(() -> patient.log.force(18));
        writer.start();
        one.take().run();
        one.take().run();
        two.take().run();
        writer.join(20);
        assertTrue(writer.isAlive(), "one of the second loop's requests is not answered");
        two.take().run();
        writer.join(30_000);
        assertFalse(writer.isAlive());
        assertEquals(18, answers.size());
    }

    @Test
    void butNoLongerThanItsBound() {
        Rig hasty = rig(Duration.ofMillis(1));
        append(hasty, task -> {}, "never answered");
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> hasty.log.force(1));
    }

    private static Rig rig(Duration groupDelayMax) {
        StreamSettings like = Rig.SETTINGS;
        StreamSettings settings = new StreamSettings(
                like.everyTable(),
                like.tables(),
                like.logPressureBytes(),
                like.parkedBytes(),
                groupDelayMax,
                like.retryDelayMin(),
                like.retryDelayMax());
        return new Rig(new MemoryLog(), new SimulatedTables(), step -> false, settings);
    }

    private void append(Executor loop, String name) {
        append(rig, loop, name);
    }

    private void append(Rig to, Executor loop, String name) {
        append(to, loop, (position, replayed) -> answers.add(name + "@" + position));
    }

    private static void append(Rig to, Executor loop, AckHandler ack) {
        ByteBuffer payload = ByteBuffer.allocate(4);
        to.stream(Rig.TABLE).append(new LoggedSchema(Rig.TABLE, "0"), 1, 0, payload, null, loop, ack);
    }
}
