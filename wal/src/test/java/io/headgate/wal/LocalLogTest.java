package io.headgate.wal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.Append;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.StreamLog.Offer;
import io.headgate.model.Eventually;
import io.headgate.model.Seed;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log on real files with its own threads. */
class LocalLogTest {
    private static final int SEGMENT_BYTES = 256 * 1024;
    private static final LogSettings SETTINGS =
            new LogSettings(SEGMENT_BYTES, 8L * SEGMENT_BYTES, SEGMENT_BYTES / 4, 32 * 1024, 2, 20L * SEGMENT_BYTES);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final LoggedSchema SCHEMA = TestAppend.schema(0, 0);

    @TempDir
    private Path directory = Path.of("set by JUnit");

    private final List<Append> acked = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> groups = Collections.synchronizedList(new ArrayList<>());
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private @Nullable HeldDisk disk;
    private @Nullable LocalLog log;

    @BeforeEach
    void openAndStart() throws IOException {
        HeldDisk opened = new HeldDisk(LocalDisk.at(directory));
        disk = opened;
        log = LocalLog.open(opened, SETTINGS, LogMetrics.none(), entry -> {}, failures::add);
        log.start(group -> {
            groups.add(group.size());
            acked.addAll(group);
        });
    }

    @AfterEach
    void close() throws IOException {
        disk().release();
        log().close();
    }

    private LocalLog log() {
        if (log == null) {
            throw new IllegalStateException("Not open");
        }
        return log;
    }

    private HeldDisk disk() {
        if (disk == null) {
            throw new IllegalStateException("Not open");
        }
        return disk;
    }

    private static TestAppend append(int payloadBytes) {
        return TestAppend.random(new Random(payloadBytes), SCHEMA, payloadBytes);
    }

    private void awaitAcked(int count) {
        Eventually.holds(count + " acks, not " + acked.size(), SOON, () -> acked.size() >= count);
    }

    private Map<Long, TestAppend> ackedByPosition() {
        Map<Long, TestAppend> byPosition = new TreeMap<>();
        acked.forEach(append -> byPosition.put(append.position(), (TestAppend) append));
        return byPosition;
    }

    private long filesEnding(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix)).count();
        }
    }

    @Test
    void appendsOfEachProducerKeepTheirOrderAndSurvive() throws Exception {
        Seed seed = Seed.forTest("appendsOfEachProducerKeepTheirOrderAndSurvive");
        List<Thread> producers = new ArrayList<>();
        List<List<TestAppend>> offered = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            List<TestAppend> own = new ArrayList<>();
            Random random = new Random(seed.value() + i);
            LoggedSchema schema = TestAppend.schema(i, 0);
            offered.add(own);
            producers.add(new Thread(() -> produce(own, random, schema)));
        }
        producers.forEach(Thread::start);
        for (Thread producer : producers) {
            producer.join();
        }
        int total = offered.stream().mapToInt(List::size).sum();
        awaitAcked(total);
        assertEquals(total, acked.size());
        for (List<TestAppend> own : offered) {
            for (int i = 1; i < own.size(); i++) {
                assertTrue(own.get(i - 1).position() < own.get(i).position(), "one producer's order");
            }
        }
        assertTrue(groups.size() < total, "concurrent appends share forces");
        Map<Long, TestAppend> expected = ackedByPosition();
        assertEquals(total, expected.size(), "no position is used twice");
        for (int table = 0; table < 4; table++) {
            checkRead(table, offered.get(table));
        }
        log().close();
        checkRecovered(expected);
        assertEquals(List.of(), failures);
    }

    private void produce(List<TestAppend> own, Random random, LoggedSchema schema) {
        for (int i = 0; i < 1000; i++) {
            TestAppend append = TestAppend.random(random, schema, random.nextInt(400));
            own.add(append);
            while (log().offer(append) == Offer.NO_ROOM) {
                Thread.onSpinWait();
            }
        }
    }

    private void checkRead(int table, List<TestAppend> expected) throws IOException {
        List<Long> positions = new ArrayList<>();
        TableId id = TestAppend.schema(table, 0).table().id();
        log().read(new StreamRange(0, log().forcedPosition()), id, entry -> {
            assertTrue(expected.get(positions.size()).isSame(entry));
            positions.add(entry.position());
        });
        assertEquals(expected.stream().map(Append::position).toList(), positions);
    }

    private void checkRecovered(Map<Long, TestAppend> expected) throws IOException {
        List<Long> positions = new ArrayList<>();
        try (LocalLog again = LocalLog.open(
                LocalDisk.at(directory),
                SETTINGS,
                LogMetrics.none(),
                entry -> {
                    TestAppend known = expected.get(entry.position());
                    assertTrue(known != null && known.isSame(entry), () -> "position " + entry.position());
                    positions.add(entry.position());
                },
                failures::add)) {
            assertEquals(List.copyOf(expected.keySet()), positions);
            assertEquals(expected.size(), again.forcedPosition());
        }
    }

    @Test
    void nothingIsAckedOrShownBeforeItsForceReturnsAndTheNextGroupGathersMeanwhile() {
        log().offer(append(10));
        awaitAcked(1);
        disk().hold();
        log().offer(append(10));
        disk().awaitHeld();
        for (int i = 0; i < 20; i++) {
            assertEquals(Offer.ACCEPTED, log().offer(append(10)));
        }
        assertEquals(1, acked.size());
        assertEquals(1, log().forcedPosition());
        assertThrows(
                IllegalArgumentException.class,
                () -> log().read(new StreamRange(0, 2), SCHEMA.table().id(), entry -> {}));
        disk().release();
        awaitAcked(22);
        assertEquals(List.of(1, 1, 20), groups);
    }

    @Test
    void aFailedForceIsFatalOnceAndAcksNothing() throws IOException {
        log().offer(append(10));
        awaitAcked(1);
        disk().hold();
        log().offer(append(10));
        disk().awaitHeld();
        log().offer(append(10));
        disk().fail();
        disk().release();
        Eventually.holds("the failure is reported", SOON, () -> failures.size() == 1);
        assertEquals(Offer.CLOSED, log().offer(append(10)));
        log().close();
        assertEquals(1, acked.size());
        assertEquals(1, failures.size());
        assertEquals("Simulated failure of a force", failures.get(0).getMessage());
    }

    @Test
    void twoFailuresAtOnceAreReportedOnce() throws IOException {
        log().close();
        HeldDisk bad = new HeldDisk(LocalDisk.at(directory));
        LocalLog failing = LocalLog.open(bad, SETTINGS, LogMetrics.none(), entry -> {}, failures::add);
        failing.start(group -> acked.addAll(group));
        int sent = 0;
        while (failing.state().segments() == 1) {
            assertEquals(Offer.ACCEPTED, failing.offer(append(SETTINGS.maxEntryBytes() / 2)));
            awaitAcked(++sent);
        }
        bad.holdDirectory();
        bad.hold();
        // The preallocator deletes the trimmed segment, and forces the directory then.
        failing.trim(failing.forcedPosition());
        assertEquals(Offer.ACCEPTED, failing.offer(append(10)));
        bad.awaitHeld();
        bad.fail();
        bad.releaseDirectory();
        Eventually.holds("the failure is reported", SOON, () -> failures.size() == 1);
        bad.release();
        failing.close();
        assertEquals(1, failures.size());
        assertEquals(sent, acked.size());
    }

    @Test
    void aListenerThatThrowsIsFatalToo() throws IOException {
        log().close();
        LocalLog broken =
                LocalLog.open(LocalDisk.at(directory), SETTINGS, LogMetrics.none(), entry -> {}, failures::add);
        broken.start(group -> {
            throw new AssertionError("a defect");
        });
        broken.offer(append(10));
        Eventually.holds("the failure is reported", SOON, () -> failures.size() == 1);
        assertEquals(Offer.CLOSED, broken.offer(append(10)));
        broken.close();
        assertEquals("a defect", failures.get(0).getMessage());
    }

    @Test
    void theLogMayBeClosedByWhoeverIsToldOfTheFailure() throws Exception {
        log().close();
        CountDownLatch done = new CountDownLatch(1);
        LocalLog[] failing = new LocalLog[1];
        HeldDisk bad = new HeldDisk(LocalDisk.at(directory));
        failing[0] = LocalLog.open(bad, SETTINGS, LogMetrics.none(), entry -> {}, cause -> {
            try {
                failing[0].close();
                done.countDown();
            } catch (IOException e) {
                failures.add(e);
            }
        });
        failing[0].start(group -> {});
        bad.fail();
        failing[0].offer(append(10));
        assertTrue(done.await(SOON.toSeconds(), TimeUnit.SECONDS));
        assertEquals(List.of(), failures);
    }

    @Test
    void closingAcksWhatWasAcceptedAndTakesNoMore() throws IOException {
        for (int i = 0; i < 500; i++) {
            assertEquals(Offer.ACCEPTED, log().offer(append(i % 100)));
        }
        log().close();
        assertEquals(500, acked.size());
        assertEquals(Offer.CLOSED, log().offer(append(1)));
        checkRecovered(ackedByPosition());
    }

    @Test
    void aFullLogTakesAppendsAgainOnceTrimmed() {
        fill();
        assertTrue(
                log().state().problem().orElse("").contains("log.max-bytes"),
                () -> log().state().toString());
        assertTrue(log().sizeBytes() <= SETTINGS.maxBytes() - SEGMENT_BYTES);
        log().trim(log().forcedPosition());
        // Looked at before one is used: once all trimmed segments are gone, two are enough.
        Eventually.holds("three spares, made of segments", SOON, () -> filesEnding(".spare") == 3);
        Eventually.holds("no problem", SOON, () -> log().state().problem().isEmpty());
        assertEquals(Offer.ACCEPTED, log().offer(append(50_000)));
    }

    /** Until nothing more goes in, all of it is forced, and nothing is under way that could make room. */
    private void fill() {
        int[] accepted = {acked.size()};
        Eventually.holds("the log is full", SOON, () -> {
            while (log().offer(append(50_000)) == Offer.ACCEPTED) {
                accepted[0]++;
            }
            return log().state().problem().orElse("").contains(" is full");
        });
        awaitAcked(accepted[0]);
    }

    @Test
    void aFullDiskWithRoomAgainIsUsedAgain() {
        Eventually.holds("two spares", SOON, () -> filesEnding(".spare") == 2);
        disk().usable(2 * SEGMENT_BYTES - 1);
        fill();
        assertTrue(
                log().state().problem().orElse("").contains("disk is full"),
                () -> log().state().toString());
        assertEquals(3, log().state().segments(), "all spares are used");
        disk().usable(2 * SEGMENT_BYTES);
        Eventually.holds("room again", SOON, () -> log().offer(append(50_000)) == Offer.ACCEPTED);
        assertEquals(List.of(), failures);
    }

    @Test
    void aSegmentStaysWhileItIsRead() throws Exception {
        fill();
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        List<Long> read = Collections.synchronizedList(new ArrayList<>());
        StreamRange all = new StreamRange(0, log().forcedPosition());
        Thread reader = new Thread(() -> read(all, entry -> {
            read.add(entry);
            reading.countDown();
            awaitQuietly(mayGoOn);
        }));
        reader.start();
        reading.await();
        long segments = filesEnding(".segment");
        log().trim(log().forcedPosition());
        assertThrows(
                IllegalArgumentException.class,
                () -> log().read(all, SCHEMA.table().id(), entry -> {}));
        log().trim(log().forcedPosition());
        assertEquals(segments, filesEnding(".segment"));
        mayGoOn.countDown();
        reader.join();
        assertEquals(all.to(), read.size(), "the reader gets everything that it began to read");
        Eventually.holds("then they go", SOON, () -> filesEnding(".segment") == 1);
    }

    private interface PositionConsumer {
        void accept(long position);
    }

    private void read(StreamRange range, PositionConsumer consumer) {
        try {
            log().read(range, SCHEMA.table().id(), entry -> consumer.accept(entry.position()));
        } catch (IOException e) {
            failures.add(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anInterruptedReaderHarmsNobodyElse() throws Exception {
        log().offer(append(10));
        awaitAcked(1);
        List<Exception> met = Collections.synchronizedList(new ArrayList<>());
        Thread reader = new Thread(() -> {
            Thread.currentThread().interrupt();
            try {
                log().read(new StreamRange(0, 1), SCHEMA.table().id(), entry -> {});
            } catch (IOException e) {
                met.add(e);
            }
        });
        reader.start();
        reader.join();
        assertEquals(ClosedByInterruptException.class, met.get(0).getClass());
        log().offer(append(10));
        awaitAcked(2);
        assertEquals(List.of(), failures);
    }

    @Test
    void aSecondLogInThisProcessIsRefused() throws IOException {
        Disk same = LocalDisk.at(directory);
        for (int attempt = 0; attempt < 2; attempt++) {
            IOException refused = assertThrows(
                    IOException.class,
                    () -> LocalLog.open(same, SETTINGS, LogMetrics.none(), entry -> {}, failures::add));
            assertTrue(String.valueOf(refused.getMessage()).contains("in use by this process"), refused.getMessage());
        }
        log().close();
        LocalLog.open(same, SETTINGS, LogMetrics.none(), entry -> {}, failures::add)
                .close();
    }

    @Test
    void aSecondProcessIsRefusedAndToldWhich() throws Exception {
        // An attempt from within must not loosen the lock for others either.
        aLogHereIsRefused();
        Process second = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SecondProcess.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(second.getInputStream().readAllBytes(), UTF_8);
        assertEquals(3, second.waitFor(), output);
        assertTrue(
                output.contains("in use by process " + ProcessHandle.current().pid()), output);
    }

    private void aLogHereIsRefused() throws IOException {
        Disk same = LocalDisk.at(directory);
        assertThrows(IOException.class, same::lock);
    }

    /** Tries to open the log whose directory it is given. */
    static final class SecondProcess {
        private SecondProcess() {}

        public static void main(String[] arguments) throws IOException {
            Disk disk = LocalDisk.at(Path.of(arguments[0]));
            try (LocalLog opened = LocalLog.open(disk, SETTINGS, LogMetrics.none(), entry -> {}, cause -> {})) {
                System.out.println("opened log " + opened.id());
            } catch (IOException e) {
                System.out.println(e.getMessage());
                System.exit(3);
            }
        }
    }

    @Test
    void aLogThatWasNotStartedTakesNothing() throws IOException {
        log().close();
        LocalLog idle = LocalLog.open(LocalDisk.at(directory), SETTINGS, LogMetrics.none(), entry -> {}, failures::add);
        assertEquals(Offer.CLOSED, idle.offer(append(1)));
        assertFalse(idle.id().isEmpty());
        idle.close();
    }

    @Test
    void sparesAreUsedAgainByTheNextRun() throws IOException {
        Eventually.holds("two spares", SOON, () -> filesEnding(".spare") == 2);
        log().close();
        LocalLog.open(LocalDisk.at(directory), SETTINGS, LogMetrics.none(), entry -> {}, failures::add)
                .close();
        // One became the copy of the last segment; the old one is gone.
        assertEquals(1, filesEnding(".spare"));
        assertEquals(1, filesEnding(".segment"));
    }

    @Test
    void theDirectoryIsForcedWithoutAnotherFileHandle() throws IOException {
        // By its path it could no longer be opened: as when connections have taken all the handles there are.
        Path away = directory.resolveSibling(directory.getFileName() + "-away");
        Files.move(directory, away);
        try {
            disk().forceDirectory();
        } finally {
            Files.move(away, directory);
        }
    }

    @Test
    void aLogThatCannotBeOpenedSaysWhereAndWhatToDo() throws IOException {
        log().close();
        Files.delete(directory.resolve("lock"));
        Files.createDirectory(directory.resolve("lock"));
        IOException refused = assertThrows(
                IOException.class,
                () -> LocalLog.open(LocalDisk.at(directory), SETTINGS, LogMetrics.none(), entry -> {}, failures::add));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("The log in " + directory.toRealPath() + " could not be opened"), message);
        assertTrue(message.contains("start again"), message);
    }
}
