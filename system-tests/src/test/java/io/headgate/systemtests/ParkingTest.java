package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import io.headgate.model.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * One table whose storage is broken for long while twenty others are under load. With a log of 40 MiB, filled every 20 s
 * and not every few hours, a minute stands for a night. A table counts as sick after 10 s; only half of the log may go
 * through it until then.
 */
@Tag("slow")
@Isolated("it measures")
class ParkingTest {
    private static final String SICK = "main.sick.table";
    private static final List<String> HEALTHY =
            IntStream.range(0, 20).mapToObj(i -> "main.healthy.t" + i).toList();
    private static final long LOG_BYTES = 40 << 20;
    private static final long PARKED_BYTES = 6 << 20;

    /** How many times the log's size goes through it, after the table is at its limit. */
    private static final double FILLED = 1.5;

    private static final Duration PACE = Duration.ofMillis(50);

    /** Other tests measure; here it must not be another order of magnitude, on a machine that does other things, too. */
    private static final double RATIO_MAX = 3;

    private static final double GRACE_MILLIS = 50;

    private static final String SMALL = """
            log: { segment-bytes: 1MiB, max-bytes: %d, parked-bytes: %d }
            limits: { max-entry-bytes: 256KiB, table-unflushed-bytes: 12MiB }
            commit: { interval: 500ms, file-target: 2MiB }
            """.formatted(LOG_BYTES, PARKED_BYTES);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final Random random = Seed.forTest("ParkingTest").random();
    private final AtomicLong logBytesMax = new AtomicLong();

    @Test
    void aTableThatIsBrokenForHoursCostsTheOthersNothing() throws Exception {
        FaultTools.need(FaultyDisk.obstacle());
        FaultyDisk disk = FaultyDisk.in(directory);
        try (HeadgateProgram program = program(disk);
                Devices many = new Devices(program, HEALTHY, 4_000);
                Devices few = new Devices(program, List.of(SICK), 4_000)) {
            many.pausing(PACE).start(12, random);
            few.pausing(PACE).start(1, random).awaitAcks(5);
            through(many, 0.2); // warm
            Phase before = phase("well", program, many);

            disk.onFiles(program.tableDirectory(SICK).toString()).failWrites(FaultyDisk.EROFS);
            program.awaitDegraded(SICK);
            Phase during = phase("sick", program, many);
            String refusal = few.awaitRefusal();
            assertTrue(refusal.contains(SICK), refusal);
            through(many, FILLED);
            assertEquals(0, many.refused(), "the others are served throughout");
            assertTrue(logBytesMax.get() <= LOG_BYTES + PARKED_BYTES, "the log took " + logBytesMax);
            assertTrue(during.within(before), before + " became " + during);

            disk.heal();
            few.awaitAcks(5);
            program.awaitNoTrouble();
            few.stop();
            many.stop();
            few.awaitAllAccountedFor();
            many.awaitAllAccountedFor();
            assertEquals(0, program.terminate());
            program.runConfigured("verify").ok();
            System.out.println("sick: " + few + "; others: " + many + "; the log took " + logBytesMax + " bytes");
        }
    }

    private HeadgateProgram program(FaultyDisk disk) throws Exception {
        HeadgateProgram program = new HeadgateProgram(directory, Jdks.current(), SMALL);
        program.createTable(SICK, Devices.COLUMNS);
        for (String table : HEALTHY) {
            ForeignCommits.createLike(program.tableDirectory(table), program.tableDirectory(SICK));
        }
        disk.under(program);
        return program.start();
    }

    /** Lets the devices send what would fill the log so many times. */
    private void through(Devices devices, double times) {
        long enough = devices.ackedBytes() + (long) (times * LOG_BYTES);
        Eventually.holds("the log was filled", Duration.ofMinutes(2), () -> {
            logBytesMax.accumulateAndGet(bytes(directory.resolve("log")), Math::max);
            return devices.ackedBytes() >= enough;
        });
    }

    private Phase phase(String name, HeadgateProgram program, Devices devices) throws Exception {
        Histogram commitsBefore = Histogram.of(program);
        devices.takeAckMicros();
        through(devices, 0.75);
        long[] acks = devices.takeAckMicros();
        Histogram commits = Histogram.of(program).minus(commitsBefore);
        Phase phase = new Phase(
                quantile(acks, 0.5), quantile(acks, 0.99), commits.meanMillis(), commits.quantileMillis(0.99));
        System.out.println(name + ": " + acks.length + " acks, " + phase);
        return phase;
    }

    private static double quantile(long[] sortedMicros, double quantile) {
        return sortedMicros[(int) (sortedMicros.length * quantile)] / 1e3;
    }

    /** All in milliseconds. */
    private record Phase(double ackMedian, double ack99, double commitMean, double commit99) {
        boolean within(Phase before) {
            return fine(ackMedian, before.ackMedian)
                    && fine(ack99, before.ack99)
                    && fine(commitMean, before.commitMean)
                    && fine(commit99, before.commit99);
        }

        private static boolean fine(double now, double before) {
            return now <= RATIO_MAX * before + GRACE_MILLIS;
        }
    }

    /** Commit latencies of the tables that are well. */
    private record Histogram(List<Double> upTo, List<Double> counts, double sumSeconds) {
        static Histogram of(HeadgateProgram program) throws Exception {
            List<String> lines = program.management("/metrics")
                    .body()
                    .lines()
                    .filter(line ->
                            line.startsWith("headgate_commit_latency_seconds") && line.contains("main.healthy."))
                    .toList();
            List<Double> bounds = lines.stream()
                    .filter(line -> line.contains("_bucket{"))
                    .map(Histogram::bound)
                    .distinct()
                    .sorted()
                    .toList();
            List<Double> counts = bounds.stream()
                    .map(bound -> sum(lines.stream().filter(line -> line.contains("_bucket{") && bound(line) == bound)))
                    .toList();
            return new Histogram(bounds, counts, sum(lines.stream().filter(line -> line.contains("_sum{"))));
        }

        private static double bound(String line) {
            String text = line.replaceFirst(".*[{,]le=\"([^\"]+)\".*", "$1");
            return text.equals("+Inf") ? Double.MAX_VALUE : Double.parseDouble(text);
        }

        private static double sum(Stream<String> lines) {
            return lines.mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }

        Histogram minus(Histogram before) {
            List<Double> more = new ArrayList<>();
            for (int i = 0; i < counts.size(); i++) {
                more.add(counts.get(i) - before.counts.get(i));
            }
            return new Histogram(upTo, more, sumSeconds - before.sumSeconds);
        }

        private double total() {
            return counts.get(counts.size() - 1);
        }

        double meanMillis() {
            return sumSeconds / total() * 1e3;
        }

        /** The upper bound of the bucket that it is in. */
        double quantileMillis(double quantile) {
            int i = 0;
            while (counts.get(i) < quantile * total()) {
                i++;
            }
            return upTo.get(i) * 1e3;
        }
    }

    /** What the log's directory takes, as the disk sees it. */
    private static long bytes(Path log) throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            return files.mapToLong(ParkingTest::size).sum();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0; // trimmed meanwhile
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
