package io.headgate.gateway.doctor;

import io.headgate.gateway.config.GatewayConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Whether the log can grow to what it is allowed to. */
final class FreeSpaceCheck implements Check {
    private static final int SEGMENTS_TO_START = 2;

    private final GatewayConfig.Log log;
    private final long keyBytes;
    private final UsableSpace usable;

    /** Bytes that the file system of a path can still take. */
    @FunctionalInterface
    interface UsableSpace {
        long bytes(Path path) throws IOException;
    }

    /** @param keyBytes what key files may take */
    FreeSpaceCheck(GatewayConfig.Log log, long keyBytes) {
        this(log, keyBytes, path -> Files.getFileStore(path).getUsableSpace());
    }

    FreeSpaceCheck(GatewayConfig.Log log, long keyBytes, UsableSpace usable) {
        this.log = log;
        this.keyBytes = keyBytes;
        this.usable = usable;
    }

    @Override
    public String name() {
        return "log-space";
    }

    @Override
    public Finding examine() throws IOException {
        long free = usable.bytes(Places.existing(log.path()));
        long used = usedBytes();
        long most = log.maxBytes() + log.parkedBytes() + keyBytes;
        String found = inGib(free) + " free, " + inGib(used) + " in the log, of " + inGib(most)
                + " that it may take (log.max-bytes, log.parked-bytes and idempotency.max-bytes)";
        if (used + free < (long) SEGMENTS_TO_START * log.segmentBytes()) {
            return Finding.fail(
                    found + ": a gateway needs room for two segments to start",
                    "Free " + inGib((long) SEGMENTS_TO_START * log.segmentBytes() - used - free)
                            + " at least, or lower log.segment-bytes.");
        }
        if (used + free < most) {
            return Finding.warn(
                    found + ": the disk is full before the log is",
                    "Free " + inGib(most - used - free) + ", or lower these to match.");
        }
        return Finding.ok(found);
    }

    private long usedBytes() throws IOException {
        if (!Files.isDirectory(log.path())) {
            return 0;
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(log.path())) {
            files = all.toList();
        }
        long bytes = 0;
        for (Path file : files) {
            try {
                bytes += Files.size(file);
            } catch (NoSuchFileException e) {
                // Trimmed by a running gateway meanwhile.
            }
        }
        return bytes;
    }

    private static String inGib(long bytes) {
        return String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1L << 30));
    }
}
