package io.headgate.gateway.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether the clock can be right: not before this program was built, nor before the newest file of the log. */
final class ClockCheck implements Check {
    private static final Duration TOLERANCE = Duration.ofMinutes(1);
    private static final Duration FAR_OFF = Duration.ofDays(1);
    private static final String REMEDY =
            "Set the clock, and keep it right (chrony, systemd-timesyncd): tokens are refused" + " while it is wrong.";

    private final InstantSource clock;
    private final Optional<Instant> built;
    private final Path log;

    /** @param built when this program was built; empty if it does not know */
    ClockCheck(InstantSource clock, Optional<Instant> built, Path log) {
        this.clock = clock;
        this.built = built;
        this.log = log;
    }

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public Finding examine() throws IOException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (built.isPresent() && now.isBefore(built.get())) {
            return Finding.fail("it is " + now + " here, before this program was built, " + built.get(), REMEDY);
        }
        Optional<Instant> newest = newestInLog();
        Duration behind = newest.map(at -> Duration.between(now, at)).orElse(Duration.ZERO);
        if (behind.compareTo(TOLERANCE) <= 0) {
            return Finding.ok(now + (newest.isPresent() ? ", after the newest file of the log" : ""));
        }
        String found = "it is " + now + " here, before the newest file of the log, " + newest.get();
        return behind.compareTo(FAR_OFF) > 0 ? Finding.fail(found, REMEDY) : Finding.warn(found, REMEDY);
    }

    private Optional<Instant> newestInLog() throws IOException {
        if (!Files.isDirectory(log)) {
            return Optional.empty();
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(log)) {
            files = all.toList();
        }
        Instant newest = null;
        for (Path file : files) {
            try {
                Instant modified = Files.getLastModifiedTime(file).toInstant();
                newest = newest == null || modified.isAfter(newest) ? modified : newest;
            } catch (NoSuchFileException e) {
                // Trimmed by a running gateway meanwhile.
            }
        }
        return Optional.ofNullable(newest);
    }
}
