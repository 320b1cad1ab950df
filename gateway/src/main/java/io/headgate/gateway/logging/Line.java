package io.headgate.gateway.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import org.jspecify.annotations.Nullable;

/** One line to be written. Made where it arises and not changed any more; asked for its parts on the writer's thread. */
interface Line {
    /** Wall time. */
    long millis();

    Level level();

    /** Who speaks: a class, or {@code access}. */
    String logger();

    /** What happened, in words. */
    String message();

    /** Hands over the values that tools look for, in order. */
    void fields(Fields into);

    /** The event to take a stack trace from, if it has one. */
    default @Nullable ILoggingEvent thrower() {
        return null;
    }

    /** Takes the fields of a line. */
    interface Fields {
        /** Whether also those are wanted that the message says already. */
        boolean wantsAll();

        /** A text, or nothing if {@code value} is null. */
        void text(String name, @Nullable String value);

        void number(String name, long value);

        /** A duration in milliseconds, to the microsecond. */
        void millis(String name, long nanos);
    }
}
