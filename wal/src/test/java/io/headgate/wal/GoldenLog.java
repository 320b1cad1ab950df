package io.headgate.wal;

import io.headgate.batching.EntryTag;
import io.headgate.batching.IdempotencyKey;
import io.headgate.batching.LogEntry;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.RecoveryConsumer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;

/**
 * Makes the log that is kept as test data for a version of the format, and writes down what it holds: all kinds of entries,
 * a segment used again, a parked file, a key file, absent positions, recovery's copy of a segment, a torn end.
 */
final class GoldenLog {
    static final LogSettings SETTINGS = new LogSettings(
            16 * 1024,
            20 * 16 * 1024,
            4096,
            4096,
            1,
            10 * 16 * 1024,
            new KeyRetention(Duration.ofMinutes(10), 1_000_000));
    private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
    static final String CONTENTS = "contents.txt";

    private final SimulatedDisk disk = new SimulatedDisk(new Random(1), 1_000_000);
    private final Random random = new Random(2);

    private GoldenLog() {}

    /** @param arguments the directory to write to, empty or not there */
    public static void main(String[] arguments) throws IOException {
        new GoldenLog().write(Path.of(arguments[0]));
    }

    private void write(Path directory) throws IOException {
        make();
        Files.createDirectories(directory);
        for (String name : disk.list()) {
            if (LogFormat.isSegment(name) || LogFormat.isParked(name) || LogFormat.isKeys(name)) {
                Files.write(directory.resolve(name), disk.durableBytes(name));
            }
        }
        Files.write(directory.resolve(CONTENTS), contents(disk));
    }

    private void make() throws IOException {
        LocalLog log = open(disk, new Lines());
        log.start(group -> {});
        fill(log, 4);
        LoggedTable sick = TestAppend.schema(0, 0).table();
        long to = log.park(sick, 0);
        log.committed(TestAppend.schema(1, 0).table(), to, 7);
        log.committed(TestAppend.schema(2, 0).table(), to, 8);
        log.trim(to);
        settle(log);
        fill(log, 6);
        log.close();
        disk.damage(LogFormat.segmentName(3), 512 + 40, new byte[] {1, 2, 3});
        LogRepair.run(disk, new SimulatedDisk(random, 1_000_000));
        log = open(disk, new Lines());
        log.abandon(sick, 3, "exports/früher");
        log.start(group -> {});
        append(log, 50);
        append(log, 50);
        disk.powerLoss();
        tearLastGroup();
    }

    private void tearLastGroup() throws IOException {
        LogReport report = LogScan.run(disk, entry -> true);
        LogReport.Segment last = report.segments().get(report.segments().size() - 1);
        disk.damage(last.file(), last.endOffset() - 512 + 100, new byte[] {1, 2, 3, 4});
    }

    private void fill(LocalLog log, int segments) {
        while (log.state().segments() < segments) {
            append(log, 200 + random.nextInt(1500));
        }
    }

    private void append(LocalLog log, int payloadBytes) {
        LoggedSchema schema = TestAppend.schema(random.nextInt(3), random.nextInt(2));
        log.offer(
                random.nextInt(3) == 0
                        ? TestAppend.keyed(random, schema, payloadBytes, NOW.toEpochMilli() - random.nextInt(1_000))
                        : TestAppend.random(random, schema, payloadBytes));
        settle(log);
    }

    private static void settle(LocalLog log) {
        boolean worked = true;
        while (worked) {
            boolean wrote = log.stepWriter();
            worked = log.stepPreallocator() || wrote;
        }
    }

    private LocalLog open(SimulatedDisk on, RecoveryConsumer consumer) throws IOException {
        return LocalLog.openStepwise(
                on, SETTINGS, LogMetrics.none(), random, () -> NOW, () -> 0, consumer, cause -> {});
    }

    /** What a scan and a recovery of a log find, a line each. The log is recovered by it. */
    static List<String> contents(SimulatedDisk disk) throws IOException {
        Lines lines = new Lines();
        LogScan.run(disk, lines::scanned);
        LocalLog log = new GoldenLog().open(disk, lines);
        lines.add("log " + log.id() + " from " + log.firstPosition() + " to " + log.forcedPosition());
        log.runs().subList(0, log.runs().size() - 1).forEach(run -> lines.add("run " + run.id() + " " + run.from()));
        log.close();
        return lines.lines;
    }

    private static final class Lines implements RecoveryConsumer {
        private final List<String> lines = new ArrayList<>();

        void add(String line) {
            lines.add(line);
        }

        boolean scanned(ScannedEntry entry) {
            add("found " + entry.kind() + " in " + entry.segment() + " at " + entry.offset() + " position "
                    + entry.position() + " count " + entry.rowCount() + " bytes " + entry.sizeBytes()
                    + entry.table().map(table -> " of " + text(table)).orElse("")
                    + entry.note().map(note -> " note " + text(note)).orElse(""));
            return true;
        }

        private static String text(Note note) {
            return note.committedTo() + " " + note.rows() + " " + note.abandonedTo() + " " + note.where();
        }

        private static String text(LoggedTable table) {
            return table.id().value() + " " + table.name() + " " + table.location();
        }

        @Override
        public void accept(LogEntry entry) {
            LoggedSchema schema = entry.schema();
            StringBuilder tags = new StringBuilder();
            for (EntryTag tag : entry.tags()) {
                tags.append(' ').append(tag.id()).append('=').append(hex(tag.value()));
            }
            add("rows " + entry.position() + " count " + entry.rowCount() + " received " + entry.receiveTimeMillis()
                    + " of " + text(schema.table()) + " schema " + schema.schemaJson() + " tags" + tags + " payload "
                    + entry.payload().remaining() + " bytes, CRC32C " + checksum(entry.payload()));
        }

        private static String checksum(ByteBuffer bytes) {
            CRC32C crc = new CRC32C();
            crc.update(bytes.duplicate());
            return Long.toHexString(crc.getValue());
        }

        private static String hex(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return HexFormat.of().formatHex(copy);
        }

        @Override
        public void key(long position, long receiveTimeMillis, IdempotencyKey key) {
            add("key of " + position + " received " + receiveTimeMillis + ": " + key);
        }

        @Override
        public void committed(LoggedTable table, long position, long rows) {
            add("committed " + position + " rows " + rows + " of " + text(table));
        }

        @Override
        public void abandoned(LoggedTable table, long position, String where) {
            add("abandoned " + position + " to " + where + " of " + text(table));
        }
    }
}
