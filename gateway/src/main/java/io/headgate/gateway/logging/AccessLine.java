package io.headgate.gateway.logging;

import ch.qos.logback.classic.Level;
import io.headgate.gateway.http.Access;
import org.jspecify.annotations.Nullable;

/**
 * A request that is over. It holds no more of a client's text than is written, so that lines that wait have a bounded
 * size.
 */
record AccessLine(long millis, Access access) implements Line {
    static final String LOGGER = "access";
    static final int PATH_CHARS_MAX = 256;
    static final int SUBJECT_CHARS_MAX = 128;
    static final int USER_AGENT_CHARS_MAX = 128;

    static AccessLine of(long millis, Access access) {
        return new AccessLine(
                millis,
                new Access(
                        access.requestId(),
                        access.remote(),
                        cut(access.method(), SUBJECT_CHARS_MAX),
                        cut(access.path(), PATH_CHARS_MAX),
                        access.status(),
                        access.errorCode(),
                        access.records(),
                        access.bodyBytes(),
                        access.durationNanos(),
                        cutIfAny(access.subject(), SUBJECT_CHARS_MAX),
                        access.table(),
                        cutIfAny(access.userAgent(), USER_AGENT_CHARS_MAX)));
    }

    private static @Nullable String cutIfAny(@Nullable String text, int charsMax) {
        return text == null ? null : cut(text, charsMax);
    }

    static String cut(String text, int charsMax) {
        return text.length() <= charsMax ? text : text.substring(0, charsMax) + "...";
    }

    @Override
    public Level level() {
        return Level.INFO;
    }

    @Override
    public String logger() {
        return LOGGER;
    }

    @Override
    public String message() {
        return access.method() + " " + access.path() + " " + access.status();
    }

    @Override
    public void fields(Fields into) {
        into.text("request_id", access.requestId());
        into.text("remote", access.remote());
        if (into.wantsAll()) {
            into.text("method", access.method());
            into.text("path", access.path());
            into.number("status", access.status());
        }
        into.text("error_code", access.errorCode());
        into.number("records", access.records());
        into.number("body_bytes", access.bodyBytes());
        into.millis("duration_ms", access.durationNanos());
        into.text("subject", access.subject());
        into.text("table", access.table() == null ? null : access.table().toString());
        into.text("user_agent", access.userAgent());
    }
}
