package io.headgate.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.ManualClock;
import io.headgate.model.Refusal;
import io.headgate.model.RefusedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Requests with keys, from their append to the answers of all that came under them. */
class IdempotencyWindowTest {
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final IdempotencyKey KEY = new IdempotencyKey(1, 2, 3);
    private static final IdempotencyKey OTHER_BODY = new IdempotencyKey(1, 2, 4);

    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1_000_000));
    private final SimulatedTables tables = new SimulatedTables();
    private MemoryLog log = new MemoryLog();
    private IdempotencyWindow window = window();
    private SharedStreams streams = streams();
    private final List<String> answers = new ArrayList<>();
    private final List<Runnable> work = new ArrayList<>();

    private IdempotencyWindow window() {
        return new IdempotencyWindow(WINDOW, 1 << 20, clock::nanoTime, clock, new Random(1));
    }

    private SharedStreams streams() {
        RecoveredEntries recovered = new RecoveredEntries(window);
        log.recover(recovered);
        SharedStreams opened = new SharedStreams(
                log,
                recovered,
                tables.writer(log.run(), step -> false),
                Rig.SETTINGS,
                StreamMetrics.NONE,
                CommitPace.free(),
                clock::nanoTime,
                new Random(1),
                timer -> {},
                Runnable::run);
        opened.start();
        return opened;
    }

    private TableStream stream() {
        var opened = streams.open(Rig.TABLE);
        streams.tick();
        return opened.join();
    }

    private void send(String name, IdempotencyKey key) {
        send(name, key, Runnable::run);
    }

    private void send(String name, IdempotencyKey key, Executor loop) {
        ByteBuffer row = ByteBuffer.allocate(4).putInt(name.hashCode()).flip();
        stream().append(new LoggedSchema(Rig.TABLE, "0"), 1, clock.millis(), row, key, loop, ack(name));
    }

    private AckHandler ack(String name) {
        return (position, replayed) -> answers.add(name + "@" + position + (replayed ? " again" : ""));
    }

    private List<String> takeAnswers() {
        List<String> taken = List.copyOf(answers);
        answers.clear();
        return taken;
    }

    private void force() {
        log.force(Integer.MAX_VALUE);
    }

    /** The process ends and another one starts with what was durable. */
    private void restart() {
        log = log.crash();
        window = window();
        streams = streams();
    }

    @Test
    void aRetryIsAnsweredForTheFirstAndAddsNothing() {
        send("first", KEY);
        force();
        send("retry", KEY);
        assertTrue(stream().answer(KEY, Runnable::run, ack("another")));
        assertEquals(List.of("first@0", "retry@0 again", "another@0 again"), takeAnswers());
        assertEquals(1, log.forcedPosition());
        assertEquals(2, window.replays());
        assertEquals(1, window.keys());
    }

    @Test
    void aRetryWaitsForTheFirstAndIsToldOnItsOwnLoop() {
        send("first", KEY);
        Executor loop = work::add;
        send("retry", KEY, loop);
        assertTrue(stream().answer(KEY, loop, ack("another")));
        assertEquals(List.of(), takeAnswers());
        force();
        assertEquals(List.of("first@0"), takeAnswers());
        assertEquals(1, work.size(), "one task for all of a loop");
        work.get(0).run();
        assertEquals(List.of("retry@0 again", "another@0 again"), takeAnswers());
        assertEquals(1, log.forcedPosition());
    }

    @Test
    void anotherBodyUnderAKeyIsRefused() {
        send("first", KEY);
        assertKeyReused();
        force();
        assertKeyReused();
        assertEquals(1, log.forcedPosition());
        assertEquals(0, window.replays());
    }

    private void assertKeyReused() {
        RefusedException onAppend = assertThrows(RefusedException.class, () -> send("other", OTHER_BODY));
        RefusedException before =
                assertThrows(RefusedException.class, () -> stream().answer(OTHER_BODY, Runnable::run, ack("other")));
        assertEquals(Refusal.Code.KEY_REUSED, onAppend.refusal().code());
        assertEquals(Refusal.Code.KEY_REUSED, before.refusal().code());
    }

    @Test
    void aKeyIsFreeAfterAnAppendThatWasRefused() {
        IdempotencyKey large = new IdempotencyKey(5, 6, 7);
        ByteBuffer tooMuch = ByteBuffer.allocate((int) Rig.SETTINGS.everyTable().unflushedBytes());
        LoggedSchema schema = new LoggedSchema(Rig.TABLE, "0");
        TableStream stream = stream();
        assertThrows(
                RefusedException.class,
                () -> stream.append(schema, 1, 0, tooMuch, large, Runnable::run, ack("refused")));
        assertFalse(stream.answer(large, Runnable::run, ack("too early")));
        send("later", large);
        force();
        assertEquals(List.of("later@0"), takeAnswers());
    }

    @Test
    void aRetryIsAnsweredWhileTheTableTakesNothing() {
        send("first", KEY);
        force();
        stream().halt("it is gone");
        send("retry", KEY);
        assertEquals(List.of("first@0", "retry@0 again"), takeAnswers());
        assertThrows(RefusedException.class, () -> send("new", new IdempotencyKey(9, 9, 9)));
    }

    @Test
    void keysAreForgottenAfterTheWindow() {
        send("first", KEY);
        force();
        clock.advance(WINDOW.minusNanos(1));
        send("retry", KEY);
        clock.advance(Duration.ofNanos(1));
        assertFalse(stream().answer(KEY, Runnable::run, ack("late")));
        send("new", OTHER_BODY);
        force();
        assertEquals(List.of("first@0", "retry@0 again", "new@1"), takeAnswers());
    }

    @Test
    void keysOfDurableEntriesOutliveTheProcess() {
        send("first", KEY);
        force();
        send("lost", new IdempotencyKey(5, 6, 7));
        clock.advance(WINDOW.dividedBy(2));
        restart();
        takeAnswers();
        send("retry", KEY);
        assertEquals(List.of("retry@0 again"), takeAnswers());
        assertThrows(RefusedException.class, () -> send("other", OTHER_BODY));
        send("once more", new IdempotencyKey(5, 6, 7));
        force();
        assertEquals(List.of("once more@1"), takeAnswers());
        clock.advance(WINDOW.dividedBy(2));
        assertFalse(stream().answer(KEY, Runnable::run, ack("late")), "downtime counts");
    }

    @Test
    void ofRecoveredPositionsUnderOneKeyTheFirstWithinTheWindowStands() {
        long now = clock.millis();
        window.recovered(1, now - WINDOW.toMillis(), KEY);
        window.recovered(3, now - 2, KEY);
        window.recovered(3, now - 2, KEY);
        window.recovered(4, now - 1, KEY);
        assertTrue(window.answer(KEY, Runnable::run, ack("retry")));
        assertEquals(List.of("retry@3 again"), takeAnswers());
        assertEquals(1, window.keys());
    }

    @Test
    void aKeyReceivedAheadOfTheClockIsKeptForAWindow() {
        window.recovered(1, clock.millis() + Duration.ofDays(1).toMillis(), KEY);
        clock.advance(WINDOW.minusMillis(1));
        assertTrue(window.answer(KEY, Runnable::run, ack("retry")));
        clock.advance(Duration.ofMillis(1));
        assertFalse(window.answer(KEY, Runnable::run, ack("late")));
    }

    @Test
    void tooManyKeysShortenTheWindow() {
        IdempotencyWindow small = new IdempotencyWindow(WINDOW, 64 << 10, clock::nanoTime, clock, new Random(1));
        assertEquals(WINDOW, small.kept());
        Random random = new Random(2);
        for (int i = 0; i < 3_000; i++) {
            clock.advance(Duration.ofMillis(1));
            small.recovered(i, clock.millis(), new IdempotencyKey(random.nextLong(), random.nextLong(), i));
        }
        assertTrue(small.bytes() <= 64 << 10, () -> small.bytes() + " bytes");
        assertTrue(small.keys() > 1_000, () -> small.keys() + " keys");
        Duration kept = small.kept();
        assertTrue(
                kept.compareTo(Duration.ofMillis(500)) > 0 && kept.compareTo(Duration.ofSeconds(2)) < 0,
                kept::toString);
        clock.advance(WINDOW);
        assertEquals(WINDOW, small.kept());
        assertEquals(0, small.keys());
    }

    @Test
    void aMillionKeysTakeLessThan64MegabytesWithTheBoundOfTheDefault() {
        IdempotencyWindow large = new IdempotencyWindow(WINDOW, 256 << 20, clock::nanoTime, clock, new Random(1));
        Random random = new Random(2);
        for (int i = 0; i < 1_000_000; i++) {
            large.recovered(i, clock.millis(), new IdempotencyKey(random.nextLong(), random.nextLong(), i));
        }
        assertEquals(1_000_000, large.keys());
        assertTrue(large.bytes() < 64_000_000, () -> large.bytes() + " bytes");
    }

    @Test
    void aKeyIsReadFromTheTagThatCarriesIt() {
        assertEquals(KEY, IdempotencyKey.of(KEY.asTags()));
        assertEquals(KEY, IdempotencyKey.of(KEY.asTags()), "reading leaves the tag as it was");
        assertNull(IdempotencyKey.of(List.of()));
        assertNull(IdempotencyKey.of(List.of(new EntryTag(2, ByteBuffer.allocate(24)))));
        assertNull(IdempotencyKey.of(List.of(new EntryTag(IdempotencyKey.TAG, ByteBuffer.allocate(23)))));
    }
}
