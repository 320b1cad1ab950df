package io.headgate.gateway.logging;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Turns lines into text that ends in one line feed and has no other control character, whatever is in them. One thread.
 */
abstract class LineFormat {
    static final int MESSAGE_CHARS_MAX = 8_192;
    static final int FIELD_CHARS_MAX = 512;

    private static final int STACK_CHARS_MAX = 16_384;
    private static final String FRAMES_MAX = "15";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final ThrowableProxyConverter stacks = new ThrowableProxyConverter();

    LineFormat() {
        stacks.setOptionList(List.of(FRAMES_MAX));
        stacks.start();
    }

    /** Appends {@code line} to {@code out}. */
    abstract void append(Line line, StringBuilder out);

    /** RFC 3339 in UTC, to the millisecond. */
    static String time(Line line) {
        return TIME.format(Instant.ofEpochMilli(line.millis()));
    }

    static double inMillis(long nanos) {
        long micros = nanos / 1_000;
        return micros / 1e3;
    }

    /** The stack trace of an event that has one, the deepest frames left out. */
    String stack(ILoggingEvent thrower) {
        return AccessLine.cut(stacks.convert(thrower).stripTrailing(), STACK_CHARS_MAX);
    }
}
