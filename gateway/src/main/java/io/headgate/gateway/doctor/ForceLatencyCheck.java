package io.headgate.gateway.doctor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long the disk of the log takes to make 4 KiB durable, in a file of ours that is prepared as a segment is. Every
 * request waits for one force at the least.
 */
final class ForceLatencyCheck implements Check {
    static final int FORCES = 256;

    private static final int BLOCK_BYTES = 4096;
    private static final long TIME_MAX_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long SLOW_MEDIAN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long SLOW_TAIL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Less than any disk takes over which power may fail. */
    private static final long DOUBTFUL_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    private final Path log;
    private final LongSupplier nanoTime;

    ForceLatencyCheck(Path log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
    }

    @Override
    public String name() {
        return "force-latency";
    }

    @Override
    public Finding examine() throws IOException {
        Path directory = Places.existing(log);
        Path file = Places.probe(directory);
        try {
            return judge(measure(file));
        } catch (IOException e) {
            return Finding.fail(
                    "cannot write in " + directory + ": " + e,
                    "Let log.path name a directory that the gateway may write to, on a disk with room.");
        }
    }

    /** The times of single forces, sorted. */
    private long[] measure(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
            for (int i = 0; i < FORCES; i++) {
                write(channel, block, i);
            }
            channel.force(true);
            long[] nanos = new long[FORCES];
            long start = nanoTime.getAsLong();
            int count = 0;
            for (long before = start; count < FORCES && before - start < TIME_MAX_NANOS; count++) {
                write(channel, block, count);
                channel.force(false);
                long after = nanoTime.getAsLong();
                nanos[count] = after - before;
                before = after;
            }
            long[] measured = Arrays.copyOf(nanos, count);
            Arrays.sort(measured);
            return measured;
        }
    }

    private static void write(FileChannel channel, ByteBuffer block, int index) throws IOException {
        block.clear();
        while (block.hasRemaining()) {
            channel.write(block, (long) index * BLOCK_BYTES + block.position());
        }
    }

    private static Finding judge(long[] sorted) {
        long median = sorted[sorted.length / 2];
        long tail = sorted[sorted.length * 99 / 100];
        String found = String.format(
                Locale.ROOT,
                "median %.3f ms, 99 of 100 within %.3f ms, of %d forces of 4 KiB",
                median / 1e6,
                tail / 1e6,
                sorted.length);
        if (median < DOUBTFUL_NANOS) {
            return Finding.warn(
                    found + ": faster than a disk can be, so a force may not reach one",
                    "Keep the log on a disk, and let no layer below (hypervisor, RAID controller) ignore flushes.");
        }
        if (median > SLOW_MEDIAN_NANOS || tail > SLOW_TAIL_NANOS) {
            return Finding.warn(
                    found + ": every request waits at least that long",
                    "Keep the log on an SSD, best one with power-loss protection, that nothing else keeps busy.");
        }
        return Finding.ok(found);
    }
}
