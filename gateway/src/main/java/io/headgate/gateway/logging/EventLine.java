package io.headgate.gateway.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** What somebody logged through SLF4J. */
record EventLine(ILoggingEvent event) implements Line {
    /** Takes over an event; what could change later is fixed now. */
    static EventLine of(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        return new EventLine(event);
    }

    @Override
    public long millis() {
        return event.getTimeStamp();
    }

    @Override
    public Level level() {
        return event.getLevel();
    }

    @Override
    public String logger() {
        return event.getLoggerName();
    }

    @Override
    public String message() {
        return String.valueOf(event.getFormattedMessage());
    }

    @Override
    public void fields(Fields into) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs == null) {
            return;
        }
        for (KeyValuePair pair : pairs) {
            if (pair.value instanceof Long || pair.value instanceof Integer) {
                into.number(pair.key, ((Number) pair.value).longValue());
            } else {
                into.text(pair.key, String.valueOf(pair.value));
            }
        }
    }

    @Override
    public @Nullable ILoggingEvent thrower() {
        return event.getThrowableProxy() == null ? null : event;
    }
}
