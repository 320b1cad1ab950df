package io.headgate.gateway.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.headgate.gateway.http.Access;
import io.headgate.gateway.http.AccessLog;
import io.headgate.model.TableName;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where every line goes: to stderr, in the order in which they came, without ever keeping anybody waiting. What says the
 * same over and over is counted instead, and told of once a minute. What comes faster than stderr takes it is dropped
 * and counted, requests before events.
 */
public final class LogOutput {
    static final int LINES_MAX = 8_192;
    /** The rest is for events, which matter more and of which there are few. */
    static final int ACCESS_LINES_MAX = LINES_MAX / 4 * 3;

    static final Duration WINDOW = Duration.ofMinutes(1);
    static final int EVENTS_PER_KIND = 10;
    static final int EVENT_KINDS_MAX = 1_000;
    static final int REFUSAL_KINDS_MAX = 100;

    private static final int KIND_CHARS_MAX = 200;
    private static final String OWN_LOGGER = "log";
    private static final Duration FLUSH_MAX = Duration.ofSeconds(1);

    /** The process has one stderr, and Logback, which is set up before any of our code runs, must find this. */
    private static final LogOutput PROCESS = new LogOutput(
            new FileOutputStream(FileDescriptor.err), LogFormat.AUTO, InstantSource.system(), System::nanoTime);

    /** What events have in common that say the same. */
    private record EventKind(Level level, String logger, String message) {
        EventKind coarser() {
            return new EventKind(level, OWN_LOGGER, "other events");
        }
    }

    /** What refusals have in common that say the same. */
    private record RefusalKind(
            int status,
            @Nullable String errorCode,
            @Nullable String subject,
            @Nullable TableName table) {
        RefusalKind coarser() {
            return new RefusalKind(status, errorCode, null, null);
        }
    }

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Repeats<EventKind> events;
    private final Repeats<RefusalKind> refusals;
    private final LineCounts eventCounts = new LineCounts();
    private final LineCounts accessCounts = new LineCounts();
    private final LineQueue queue;
    private long droppedTold;
    private long droppedToldNanos;

    LogOutput(OutputStream target, LogFormat format, InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.events = new Repeats<>(EVENTS_PER_KIND, EVENT_KINDS_MAX, WINDOW, EventKind::coarser, nanoTime);
        this.refusals = new Repeats<>(1, REFUSAL_KINDS_MAX, WINDOW, RefusalKind::coarser, nanoTime);
        this.droppedToldNanos = nanoTime.getAsLong() - WINDOW.toNanos();
        this.queue = new LineQueue(target, format.lines(), this::notices);
    }

    /** That of this process. */
    public static LogOutput process() {
        return PROCESS;
    }

    /** How lines look from the next one on. */
    public void format(LogFormat format) {
        queue.format(format.lines());
    }

    /** Events that were not written. */
    public LineCounts events() {
        return eventCounts;
    }

    /** Requests that should have had a line and have none. */
    public LineCounts access() {
        return accessCounts;
    }

    /** Takes an event. Debugging is never thinned out: who asks for it wants all of it. */
    void event(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.INFO) && !events.passes(kind(event))) {
            eventCounts.leaveOut();
        } else if (!queue.offer(EventLine.of(event), LINES_MAX)) {
            eventCounts.drop();
        }
    }

    private static EventKind kind(ILoggingEvent event) {
        return new EventKind(
                event.getLevel(),
                event.getLoggerName(),
                AccessLine.cut(String.valueOf(event.getMessage()), KIND_CHARS_MAX));
    }

    /** An access log that ends here. */
    public AccessLog accessLog(AccessMode mode) {
        return switch (mode) {
            case OFF -> AccessLog.NONE;
            case REFUSED -> new Refused();
            case ALL -> new All();
        };
    }

    private void offer(Access access) {
        if (!queue.offer(AccessLine.of(clock.millis(), access), ACCESS_LINES_MAX)) {
            accessCounts.drop();
        }
    }

    private final class All implements AccessLog {
        @Override
        public boolean wants(int status) {
            return true;
        }

        @Override
        public void record(Access access) {
            offer(access);
        }
    }

    private final class Refused implements AccessLog {
        private static final int FIRST_REFUSAL = 400;

        @Override
        public boolean wants(int status) {
            return status >= FIRST_REFUSAL;
        }

        @Override
        public void record(Access access) {
            String subject = access.subject();
            RefusalKind kind = new RefusalKind(
                    access.status(),
                    access.errorCode(),
                    subject == null ? null : AccessLine.cut(subject, AccessLine.SUBJECT_CHARS_MAX),
                    access.table());
            if (refusals.passes(kind)) {
                offer(access);
            } else {
                accessCounts.leaveOut();
            }
        }
    }

    /** On the writer's thread, once a second. */
    private List<Line> notices() {
        List<Line> lines = leftOut(events.due(), refusals.due());
        dropped(lines);
        return lines;
    }

    private List<Line> leftOut(
            List<Repeats.LeftOut<EventKind>> leftOutEvents, List<Repeats.LeftOut<RefusalKind>> leftOutRefusals) {
        List<Line> lines = new ArrayList<>();
        leftOutEvents.forEach(leftOut -> lines.add(eventsLeftOut(leftOut.kind(), leftOut.count())));
        leftOutRefusals.forEach(leftOut -> lines.add(refusalsLeftOut(leftOut.kind(), leftOut.count())));
        return lines;
    }

    private Line eventsLeftOut(EventKind kind, long count) {
        return new Notice(
                clock.millis(),
                kind.level(),
                kind.logger(),
                "left out " + count + " more of: " + kind.message(),
                Map.of("left_out", count));
    }

    private Line refusalsLeftOut(RefusalKind kind, long count) {
        Map<String, Object> values = new HashMap<>();
        values.put("status", (long) kind.status());
        values.put("left_out", count);
        if (kind.errorCode() != null) {
            values.put("error_code", kind.errorCode());
        }
        if (kind.subject() != null) {
            values.put("subject", kind.subject());
        }
        if (kind.table() != null) {
            values.put("table", kind.table());
        }
        return new Notice(
                clock.millis(), Level.INFO, AccessLine.LOGGER, "left out " + count + " more like this", values);
    }

    private void dropped(List<Line> lines) {
        long now = nanoTime.getAsLong();
        long dropped = eventCounts.dropped() + accessCounts.dropped();
        if (dropped == droppedTold || now - droppedToldNanos < WINDOW.toNanos()) {
            return;
        }
        lines.add(new Notice(
                clock.millis(),
                Level.WARN,
                OWN_LOGGER,
                "dropped " + (dropped - droppedTold) + " lines that came faster than stderr takes them",
                Map.of("dropped", dropped - droppedTold)));
        droppedTold = dropped;
        droppedToldNanos = now;
    }

    /**
     * Writes what waits, with the counts of what was left out so far. To be called before the process ends; takes a
     * second at most, also if stderr is stuck.
     */
    public void flush() {
        leftOut(events.all(), refusals.all()).forEach(line -> queue.offer(line, LINES_MAX));
        queue.flush(FLUSH_MAX);
    }
}
