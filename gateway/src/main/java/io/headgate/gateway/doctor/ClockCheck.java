package io.headgate.gateway.doctor;

import io.headgate.batching.LogEntry;
import io.headgate.gateway.clock.ClockRule;
import io.headgate.wal.LocalDisk;
import io.headgate.wal.LogScan;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Whether the clock can be right, by the gateway's own rule. Reads the whole log. */
final class ClockCheck implements Check {
    private static final Duration TOLERANCE = Duration.ofMinutes(1);
    private static final String REMEDY =
            "Set the clock, and keep it right (chrony, systemd-timesyncd): a gateway answers 503 as long as it cannot be"
                    + " right. If it was wrong when the entry was received, see clock.ignore-entries-after.";

    private final InstantSource clock;
    private final ClockRule rule;
    private final Path log;

    ClockCheck(InstantSource clock, ClockRule rule, Path log) {
        this.clock = clock;
        this.rule = rule;
        this.log = log;
    }

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public Finding examine() throws IOException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Optional<Instant> newest = newestInLog();
        Optional<String> problem = rule.problem(now, newest);
        if (problem.isPresent()) {
            return Finding.fail(problem.get(), REMEDY);
        }
        if (newest.filter(at -> now.plus(TOLERANCE).isBefore(at)).isPresent()) {
            return Finding.warn(
                    "it is " + now + " here, before the newest entry of the log was received, " + newest.get(), REMEDY);
        }
        return Finding.ok(now + (newest.isPresent() ? ", after the newest entry of the log" : ""));
    }

    private Optional<Instant> newestInLog() throws IOException {
        AtomicLong newest = new AtomicLong(Long.MIN_VALUE);
        try {
            LogScan.run(LocalDisk.existing(log), entry -> {
                entry.rows()
                        .map(LogEntry::receiveTimeMillis)
                        .filter(received -> rule.counts(Instant.ofEpochMilli(received)))
                        .ifPresent(received -> newest.accumulateAndGet(received, Math::max));
                return true;
            });
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        return newest.get() == Long.MIN_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(newest.get()));
    }
}
