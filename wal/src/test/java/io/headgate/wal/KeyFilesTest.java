package io.headgate.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.batching.IdempotencyKey;
import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.RecoveryConsumer;
import io.headgate.batching.StreamLog.Offer;
import io.headgate.model.ManualClock;
import io.headgate.model.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys of requests whose segments are gone. */
class KeyFilesTest {
    private static final int SEGMENT_BYTES = 16 * 1024;
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final LoggedSchema SCHEMA = TestAppend.schema(0, 0);
    private static final int BLOCK = LogFormat.KEY_BLOCK_BYTES;
    private static final int HEADER = LogFormat.SEGMENT_HEADER_BYTES;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-23T00:00:00Z"));
    private final TreeMap<Long, TestAppend> acked = new TreeMap<>();
    private final List<String> lost = new ArrayList<>();
    private final List<String> retried = new ArrayList<>();
    private int keysLost;
    private Random random = new Random();
    private SimulatedDisk disk = new SimulatedDisk(random, 0);

    @BeforeEach
    void begin() {
        random = Seed.forTest("KeyFilesTest").random();
        disk = new SimulatedDisk(random, 100L * SEGMENT_BYTES);
    }

    private static LogSettings settings(long keyBytes) {
        return new LogSettings(
                SEGMENT_BYTES, 20L * SEGMENT_BYTES, 4096, 4096, 1, 0, new KeyRetention(WINDOW, keyBytes));
    }

    /** What came back when a log was opened. */
    private static final class Recovered implements RecoveryConsumer {
        private final Map<Long, IdempotencyKey> keys = new TreeMap<>();
        private final List<Long> entries = new ArrayList<>();

        @Override
        public void key(long position, long receiveTimeMillis, IdempotencyKey key) {
            assertEquals(List.of(), entries, "keys come first");
            keys.put(position, key);
        }

        @Override
        public void accept(LogEntry entry) {
            entries.add(entry.position());
        }
    }

    private final class Told implements LogMetrics {
        @Override
        public void groupForced(int appends, int bytes, long writeNanos, long forceNanos) {}

        @Override
        public void refused() {}

        @Override
        public void retrying(Chore chore, String why) {
            retried.add(why);
        }

        @Override
        public void unhindered(Chore chore) {}

        @Override
        public void keysLost(int keys, String why) {
            keysLost += keys;
            lost.add(why);
        }
    }

    private LocalLog open(long keyBytes, Recovered recovered) throws IOException {
        LocalLog log = LocalLog.openStepwise(
                disk, settings(keyBytes), new Told(), random, clock, clock::nanoTime, recovered, cause -> {
                    throw new AssertionError("The log failed", cause);
                });
        log.start(group -> group.forEach(append -> acked.put(append.position(), (TestAppend) append)));
        settle(log);
        return log;
    }

    private LocalLog open() throws IOException {
        return open(1_000_000, new Recovered());
    }

    private static void settle(LocalLog log) {
        boolean worked = true;
        while (worked) {
            boolean wrote = log.stepWriter();
            worked = log.stepPreallocator() || wrote;
        }
    }

    /** Fills segments, until there are so many, with requests that have keys. */
    private void fill(LocalLog log, int segments, int payloadBytes) {
        while (log.state().segments() < segments) {
            // So many without a payload fill a group of 512 bytes.
            for (int i = 0; i < 7; i++) {
                TestAppend append = TestAppend.keyed(random, SCHEMA, payloadBytes, clock.millis());
                assertEquals(Offer.ACCEPTED, log.offer(append));
            }
            settle(log);
        }
    }

    /** The table has all that there is. */
    private static void trim(LocalLog log) {
        LoggedTable table = SCHEMA.table();
        log.committed(table, log.forcedPosition(), log.forcedPosition());
        log.trim(log.forcedPosition());
        settle(log);
    }

    private Recovered reopen() throws IOException {
        return reopen(1_000_000);
    }

    private Recovered reopen(long keyBytes) throws IOException {
        disk.powerLoss();
        Recovered recovered = new Recovered();
        open(keyBytes, recovered);
        return recovered;
    }

    private IdempotencyKey key(long position) {
        return Objects.requireNonNull(
                IdempotencyKey.of(Objects.requireNonNull(acked.get(position)).tags()));
    }

    private List<String> keyFiles() throws IOException {
        return disk.list().stream().filter(LogFormat::isKeys).sorted().toList();
    }

    /** A log of some segments with 200 keys or so each, trimmed but for the last. */
    private LocalLog trimmed(int segments) throws IOException {
        LocalLog log = open();
        fill(log, segments, 0);
        trim(log);
        return log;
    }

    @Test
    void keysOutliveTheirSegments() throws IOException {
        LocalLog log = trimmed(4);
        assertEquals(3, keyFiles().size(), "one for each segment that is gone");
        assertEquals(1, log.state().segments());
        Recovered recovered = reopen();
        long first = recovered.entries.get(0);
        assertTrue(first > 200, "most entries are gone");
        assertEquals(first, recovered.keys.size(), "each of them is known by its key");
        recovered.keys.forEach((position, key) -> assertEquals(key(position), key, "with its digests"));
    }

    @Test
    void keysGoOnceTheirWindowHasPassed() throws IOException {
        trimmed(4);
        clock.advance(WINDOW.minusMillis(1));
        Recovered before = reopen();
        assertEquals(before.entries.get(0), before.keys.size(), "they are known to the last");
        clock.advance(Duration.ofMillis(1));
        assertEquals(Map.of(), reopen().keys, "then they are not");
        assertEquals(List.of(), keyFiles(), "and their files are gone");
    }

    @Test
    void aSegmentWithoutYoungKeysIsNotEvenRead() throws IOException {
        LocalLog log = open();
        fill(log, 3, 50);
        clock.advance(WINDOW);
        trim(log);
        assertEquals(List.of(), keyFiles());
        for (int i = 0; i < 40; i++) {
            log.offer(TestAppend.random(random, SCHEMA, 2_000));
            settle(log);
        }
        log.committed(SCHEMA.table(), log.forcedPosition(), log.forcedPosition());
        log.trim(log.forcedPosition());
        log.stepWriter();
        long calls = disk.calls();
        assertTrue(log.stepPreallocator());
        assertTrue(disk.calls() - calls <= 4, "free bytes, rename, open, force directory");
        assertEquals(0, log.keyBytes());
    }

    @Test
    void theOldestKeysGoBeyondTheBound() throws IOException {
        long bound = 3 * KeyHeader.sizeBytes(KeyHeader.KEYS_PER_BLOCK);
        LocalLog log = open(bound, new Recovered());
        for (int i = 0; i < 8; i++) {
            fill(log, 2, 200);
            trim(log);
            assertTrue(log.keyBytes() <= bound, "all together have their bound");
        }
        assertEquals(3, keyFiles().size());
        Recovered recovered = reopen(bound);
        long first = recovered.entries.get(0);
        assertEquals(first, keysLost + recovered.keys.size(), "each one is known, or was told to be lost");
        assertTrue(keysLost > 0 && lost.get(0).contains("idempotency.max-bytes"), lost::toString);
        assertEquals(
                first - recovered.keys.size(),
                recovered.keys.keySet().iterator().next(),
                "the newest are known");
    }

    @Test
    void ofASegmentWithTooManyKeysTheNewestAreKept() throws IOException {
        LocalLog log = open(8 * 1024, new Recovered());
        fill(log, 2, 0);
        trim(log);
        Recovered recovered = reopen(8 * 1024);
        long first = recovered.entries.get(0);
        assertEquals(KeyHeader.KEYS_PER_BLOCK, recovered.keys.size(), "as many as fit");
        assertTrue(recovered.keys.containsKey(first - 1), "the last of them");
        assertEquals(first - recovered.keys.size(), keysLost);
    }

    @Test
    void aSegmentStaysWhileItsKeysCannotBeWritten() throws IOException {
        LocalLog log = open();
        fill(log, 3, 50);
        disk.capacity(disk.usedBytes());
        trim(log);
        assertEquals(List.of(), keyFiles());
        assertTrue(retried.get(0).contains("keys"), retried::toString);
        assertEquals(disk.usedBytes(), log.sizeBytes(), "nothing is left of the attempt, and nothing was deleted");
        disk.capacity(100L * SEGMENT_BYTES);
        settle(log);
        assertEquals(2, keyFiles().size());
        Recovered recovered = reopen();
        assertEquals(recovered.entries.get(0), recovered.keys.size());
    }

    @Test
    void aFullDiskHoldsUpTrimmingForAWindowAtMost() throws IOException {
        LocalLog log = open();
        fill(log, 3, 50);
        long before = log.sizeBytes();
        disk.capacity(disk.usedBytes());
        trim(log);
        assertEquals(before, log.sizeBytes());
        clock.advance(WINDOW);
        settle(log);
        assertTrue(log.sizeBytes() < before, "the keys do not matter any more");
        assertEquals(List.of(), keyFiles());
    }

    @Test
    void aDamagedBlockCostsItsOwnKeysAlone() throws IOException {
        trimmed(2);
        String name = keyFiles().get(0);
        disk.damage(name, HEADER + BLOCK + 1000, new byte[] {1, 2, 3});
        Recovered recovered = reopen();
        long first = recovered.entries.get(0);
        assertEquals(first - keysLost, recovered.keys.size(), "the others are there");
        assertTrue(keysLost > 0 && keysLost <= KeyHeader.KEYS_PER_BLOCK, "one block is lost");
        assertTrue(lost.get(0).contains("offset " + (HEADER + BLOCK)), lost::toString);
        clock.advance(WINDOW);
        reopen();
        assertEquals(List.of(name), keyFiles(), "it stays for a window after it was found, whatever it holds");
    }

    @Test
    void aDamagedFileIsFoundAndRepaired() throws IOException {
        LocalLog log = trimmed(3);
        List<KeyFileReport> good = LogScan.keys(disk);
        assertEquals(
                log.firstPosition(), good.stream().mapToInt(KeyFileReport::keys).sum(), "all keys are found");
        assertEquals(List.of("", ""), good.stream().map(KeyFileReport::problem).toList());
        assertEquals(List.of(), repair(), "there is nothing to repair");
        String name = good.get(1).file();
        disk.damage(name, HEADER + 100, new byte[] {1, 2, 3});
        KeyFileReport damaged = LogScan.keys(disk).get(1);
        assertEquals(KeyHeader.KEYS_PER_BLOCK, damaged.lost());
        assertEquals(good.get(1).keys(), damaged.keys() + damaged.lost());
        assertTrue(damaged.problem().startsWith("offset " + HEADER), damaged::problem);
        List<RepairedRange> ranges = repair();
        assertEquals(List.of(name), ranges.stream().map(RepairedRange::file).toList());
        assertEquals(
                new KeyFileReport(name, damaged.sizeBytes() - BLOCK, damaged.keys(), 0, ""),
                LogScan.keys(disk).get(1));
        Recovered recovered = reopen();
        assertEquals(recovered.entries.get(0) - damaged.lost(), recovered.keys.size(), "the others are known");
    }

    private List<RepairedRange> repair() throws IOException {
        disk.powerLoss();
        return LogRepair.run(disk, new SimulatedDisk(random, 1_000_000));
    }

    @Test
    void swappedBlocksAreDamage() throws IOException {
        trimmed(2);
        String name = keyFiles().get(0);
        byte[] bytes = disk.durableBytes(name);
        disk.damage(name, HEADER, Arrays.copyOfRange(bytes, HEADER + BLOCK, HEADER + 2 * BLOCK));
        Recovered recovered = reopen();
        assertEquals(recovered.entries.get(0) - KeyHeader.KEYS_PER_BLOCK, recovered.keys.size());
        assertEquals(KeyHeader.KEYS_PER_BLOCK, keysLost);
    }

    @Test
    void withoutAHeaderTheLogStartsWithoutTheKeys() throws IOException {
        trimmed(2);
        disk.damage(keyFiles().get(0), 20, new byte[] {1, 2, 3});
        assertEquals(Map.of(), reopen().keys);
        assertTrue(keysLost > 0, "and says so");
    }

    @Test
    void anotherLogsKeysAreNotBelieved() throws IOException {
        trimmed(2);
        byte[] foreign = disk.durableBytes(keyFiles().get(0));
        disk = new SimulatedDisk(random, 100L * SEGMENT_BYTES);
        open();
        try (DiskFile file = disk.create(LogFormat.keysName(1))) {
            file.write(ByteBuffer.wrap(foreign), 0);
            file.force();
        }
        disk.forceDirectory();
        assertEquals(Map.of(), reopen().keys);
        assertTrue(lost.get(0).contains("another log"), lost::toString);
    }

    @Test
    void aNewerVersionIsNotReadAndNotChanged() throws IOException {
        trimmed(2);
        String name = keyFiles().get(0);
        byte[] header = Arrays.copyOf(disk.durableBytes(name), HEADER);
        header[8] = 2;
        HeaderChecksum.seal(ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN));
        disk.damage(name, 0, header);
        CorruptLogException refused = assertThrows(CorruptLogException.class, this::reopen);
        assertEquals(name, refused.file());
    }

    @Test
    void theFileIsLaidOutAsDocumented() throws IOException {
        trimmed(2);
        String name = keyFiles().get(0);
        ByteBuffer bytes = ByteBuffer.wrap(disk.durableBytes(name)).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals("HGKEYTAG", new String(bytes.array(), 0, 8, StandardCharsets.US_ASCII));
        assertEquals(1, bytes.getInt(8), "version");
        int keys = bytes.getInt(12);
        assertEquals(1, bytes.getLong(32), "number");
        assertEquals(clock.millis(), bytes.getLong(40), "newest");
        assertEquals(HEADER + (keys + 101L) / 102 * 4096, bytes.capacity(), "blocks");
        assertEquals(1, bytes.getLong(HEADER + BLOCK + 8), "the second block is number 1");
        long position = bytes.getLong(HEADER + BLOCK + 16);
        assertEquals(102, position, "and begins with the 103rd key");
        assertEquals(clock.millis(), bytes.getLong(HEADER + BLOCK + 24), "received then");
        assertEquals(key(position).high(), bytes.getLong(HEADER + BLOCK + 32));
        assertEquals(key(position).body(), bytes.getLong(HEADER + BLOCK + 48));
    }
}
