package io.headgate.loadtest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** How long this disk takes to write and force 4 KiB of a preallocated file: {@code ForceLatency DIRECTORY}. */
public final class ForceLatency {
    private static final int BLOCK_BYTES = 4096;
    private static final int BLOCKS = 4096;
    private static final int WARM_UP = 500;
    private static final int FORCES = 5000;

    private final double p50Millis;
    private final double p99Millis;

    private ForceLatency(double p50Millis, double p99Millis) {
        this.p50Millis = p50Millis;
        this.p99Millis = p99Millis;
    }

    /** Prints median and 99th percentile in milliseconds. */
    public static void main(String[] args) throws IOException {
        ForceLatency measured = measure(Path.of(args[0]));
        System.out.printf("%.3f %.3f%n", measured.p50Millis, measured.p99Millis);
    }

    /** Measures the disk that the directory is on. */
    static ForceLatency measure(Path directory) throws IOException {
        Path file = Files.createTempFile(directory, "force", ".bin");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
            for (int i = 0; i < BLOCKS; i++) {
                write(channel, block, i);
            }
            channel.force(true);
            long[] nanos = new long[FORCES];
            for (int i = -WARM_UP; i < FORCES; i++) {
                long start = System.nanoTime();
                write(channel, block, (i + WARM_UP) % BLOCKS);
                channel.force(false);
                if (i >= 0) {
                    nanos[i] = System.nanoTime() - start;
                }
            }
            Arrays.sort(nanos);
            return new ForceLatency(nanos[FORCES / 2] / 1e6, nanos[FORCES * 99 / 100] / 1e6);
        } finally {
            Files.delete(file);
        }
    }

    double p50Millis() {
        return p50Millis;
    }

    double p99Millis() {
        return p99Millis;
    }

    private static void write(FileChannel channel, ByteBuffer block, int index) throws IOException {
        block.clear();
        channel.write(block, (long) index * BLOCK_BYTES);
    }
}
