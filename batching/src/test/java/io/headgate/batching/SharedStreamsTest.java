package io.headgate.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.RefusedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With real threads and real time. */
class SharedStreamsTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final SimulatedTables tables = new SimulatedTables();
    private final MemoryLog log = new MemoryLog();

    @AfterEach
    void stopThreads() throws InterruptedException {
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
    }

    private SharedStreams streams(SimulatedTables.Faults faults) {
        return streams(faults, Rig.SETTINGS);
    }

    private SharedStreams streams(SimulatedTables.Faults faults, StreamSettings settings) {
        SharedStreams streams = new SharedStreams(
                log,
                new RecoveredEntries(),
                tables.writer(log.run(), faults),
                settings,
                StreamMetrics.NONE,
                CommitPace.free(),
                System::nanoTime,
                new Random(1),
                threads,
                threads);
        streams.start();
        return streams;
    }

    private void append(TableStream stream) {
        ByteBuffer payload = ByteBuffer.allocate(4).putInt(1).flip();
        stream.append(
                new LoggedSchema(stream.table(), "0"), 1, 0, payload, null, Runnable::run, (position, replayed) -> {});
        log.force(1);
    }

    @Test
    void drainingCommitsBeforeTheIntervalAndRefusesFromThenOn() throws Exception {
        SharedStreams streams = streams(step -> false);
        TableStream stream = streams.open(Rig.TABLE).get(10, TimeUnit.SECONDS);
        append(stream);
        assertEquals(0, streams.drain(Duration.ofSeconds(10)));
        assertEquals(List.of(1), tables.rows(Rig.TABLE.id()));
        assertThrows(RefusedException.class, () -> append(stream));
    }

    @Test
    void drainingCommitsAlsoWhatOneCommitLeavesBehind() throws Exception {
        StreamSettings patient = new StreamSettings(
                new TableSettings(Duration.ofHours(1), 3 << 19, 16 << 20),
                Map.of(),
                1 << 30,
                1 << 30,
                Duration.ZERO,
                Duration.ofMillis(1),
                Duration.ofMillis(1));
        SharedStreams streams = streams(step -> false, patient);
        TableStream stream = streams.open(Rig.TABLE).get(10, TimeUnit.SECONDS);
        for (int row = 0; row < 3; row++) {
            ByteBuffer payload = ByteBuffer.allocate(1 << 20);
            stream.append(
                    new LoggedSchema(stream.table(), "0"),
                    1 << 18,
                    0,
                    payload,
                    null,
                    Runnable::run,
                    (position, replayed) -> {});
        }
        log.force(3);
        assertEquals(0, streams.drain(Duration.ofSeconds(10)));
        assertEquals(3L, log.firstPosition());
    }

    @Test
    void drainingWithStorageDownEndsAndKeepsTheRows() throws Exception {
        boolean[] down = {false};
        SharedStreams streams = streams(step -> down[0]);
        TableStream stream = streams.open(Rig.TABLE).get(10, TimeUnit.SECONDS);
        down[0] = true;
        append(stream);
        assertEquals(1, streams.drain(Duration.ofSeconds(60)));
        assertEquals(0, log.firstPosition());
    }
}
