package io.headgate.systemtests;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Has the disk and the wall clock of a gateway misbehave below Java, at once and while it runs: {@code faulty_disk.c},
 * compiled here and preloaded there. A force that fails loses what was written since the last one.
 */
final class FaultyDisk {
    static final int EIO = 5;
    static final int ENOSPC = 28;
    static final int EROFS = 30;

    // As in faulty_disk.c.
    private static final int FORCES_LEFT = 0;
    private static final int FORCE_ERRNO = 8;
    private static final int FORCE_DELAY_MICROS = 16;
    private static final int WRITE_ERRNO = 24;
    private static final int CLOCK_OFFSET_NANOS = 32;
    private static final int FORCES = 40;
    private static final int PATH = 48;
    private static final int PATH_BYTES = 256;

    private final Path library;
    private final Path file;
    private final ByteBuffer faults;

    private FaultyDisk(Path library, Path file, MappedByteBuffer faults) {
        this.library = library;
        this.file = file;
        this.faults = faults.order(ByteOrder.nativeOrder());
        faults.putLong(FORCES_LEFT, Long.MAX_VALUE);
        faults.putLong(FORCE_ERRNO, EIO);
    }

    /** One that is in order so far. */
    static FaultyDisk in(Path directory) throws IOException, InterruptedException {
        Path library = directory.resolve("faulty_disk.so");
        Path source = HeadgateProgram.launcher().resolveSibling("system-tests/src/test/native/faulty_disk.c");
        Commands.run(
                "gcc",
                "-shared",
                "-fPIC",
                "-O2",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-o",
                library.toString(),
                source.toString(),
                "-ldl");
        Path file = directory.resolve("faults");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new FaultyDisk(library, file, channel.map(FileChannel.MapMode.READ_WRITE, 0, PATH + PATH_BYTES));
        }
    }

    /** What keeps this machine from it, empty if nothing does. */
    static String obstacle() {
        return Files.isExecutable(Path.of("/usr/bin/gcc")) ? "" : "needs gcc";
    }

    /** Comes between a gateway started from now on and its disk. */
    FaultyDisk under(HeadgateProgram program) {
        program.with("LD_PRELOAD", library.toString()).with("FAULTY_DISK", file.toString());
        return this;
    }

    /** Only files whose path contains this are meant; none are at first. The clock is meant in any case. */
    FaultyDisk onFiles(String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        faults.put(PATH + bytes.length, (byte) 0);
        faults.put(PATH, bytes);
        return this;
    }

    /** So many more forces succeed; then all fail with EIO. */
    void failForcesAfter(long forces) {
        faults.putLong(FORCES_LEFT, forces);
    }

    void delayForces(Duration delay) {
        faults.putLong(FORCE_DELAY_MICROS, delay.toNanos() / 1_000);
    }

    /** All writes fail. */
    void failWrites(int errno) {
        faults.putLong(WRITE_ERRNO, errno);
    }

    /** Disk and clock are in order again. */
    void heal() {
        faults.putLong(FORCES_LEFT, Long.MAX_VALUE);
        faults.putLong(FORCE_DELAY_MICROS, 0);
        faults.putLong(WRITE_ERRNO, 0);
        faults.putLong(CLOCK_OFFSET_NANOS, 0);
    }

    /** How far the wall clock is off. */
    void setClockAhead(Duration offset) {
        faults.putLong(CLOCK_OFFSET_NANOS, offset.toNanos());
    }

    /** How many forces of the files meant there were. */
    long forces() {
        return faults.getLong(FORCES);
    }
}
