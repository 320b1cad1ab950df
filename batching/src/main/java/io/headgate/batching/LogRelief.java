package io.headgate.batching;

import io.headgate.model.Outage;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the log let go of what is in the tables. Where the log grows, the table whose rows hold the oldest of it is seen to:
 * it is committed before its time, or, if it is sick, has its rows parked. One thread at a time.
 */
final class LogRelief {
    private static final Logger LOG = LoggerFactory.getLogger(LogRelief.class);

    /** Parking copies whole segments; commits wait for nothing of it, but the thread is one of theirs. */
    private static final long PARKING_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(500);

    private final StreamLog log;
    private final GroupAcks acks;
    private final long pressureBytes;
    private final LongSupplier nanoTime;
    private final Consumer<Member> commitEarly;
    private final Outage parking;

    LogRelief(StreamLog log, GroupAcks acks, long pressureBytes, LongSupplier nanoTime, Consumer<Member> commitEarly) {
        this.log = log;
        this.acks = acks;
        this.pressureBytes = pressureBytes;
        this.nanoTime = nanoTime;
        this.commitEarly = commitEarly;
        this.parking = new Outage(nanoTime);
    }

    void run(Collection<Member> members) {
        trim(members);
        long startedNanos = nanoTime.getAsLong();
        while (log.sizeBytes() >= pressureBytes
                && nanoTime.getAsLong() - startedNanos < PARKING_NANOS_MAX
                && relieve(members)) {
            trim(members);
        }
    }

    /** Everything below is in the tables: read what was delivered first, then what of it is still needed. */
    void trim(Collection<Member> members) {
        long delivered = acks.deliveredPosition();
        long needed = members.stream().mapToLong(Member::neededFrom).min().orElse(Long.MAX_VALUE);
        log.trim(Math.min(delivered, needed));
    }

    /** Whether something was parked, so that it is worth looking at the next. */
    private boolean relieve(Collection<Member> members) {
        Optional<Member> laggard = members.stream()
                .filter(member -> member.neededFrom() != Long.MAX_VALUE)
                .min(Comparator.comparingLong(Member::neededFrom));
        if (laggard.isEmpty()) {
            return false;
        }
        if (laggard.get().isSick()) {
            return park(laggard.get());
        }
        if (laggard.get().isHealthy()) {
            commitEarly.accept(laggard.get());
        }
        return false;
    }

    private boolean park(Member sick) {
        long from = sick.neededFrom();
        if (from == Long.MAX_VALUE) {
            return true; // healed meanwhile
        }
        try {
            long to = log.park(sick.table(), from);
            sick.parkedTo(to);
            parking.healed();
            return to > from;
        } catch (IOException e) {
            long failures = parking.failed();
            if (failures > 0) {
                LOG.atWarn()
                        .addKeyValue("table", sick.table().name())
                        .addKeyValue("failures", failures)
                        .setCause(e)
                        .log("Rows cannot be parked, so the log cannot go on without them");
            }
            return false;
        }
    }
}
