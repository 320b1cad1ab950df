package io.headgate.gateway.config;

import io.headgate.gateway.limits.Quota;
import io.headgate.gateway.limits.Rates;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.ToLongFunction;

/**
 * What may be sent, as {@code limits.rates}.
 *
 * @param subject by each subject
 * @param table to each table
 * @param total by all to all
 * @param maxSubjects told apart at one time
 */
public record RateConfig(Rates subject, Rates table, Rates total, int maxSubjects) {
    private static final long REQUESTS_MAX = 1_000_000_000;
    private static final long BYTES_MAX = 1L << 50;
    private static final Duration WINDOW_MAX = Duration.ofHours(1);

    static RateConfig from(Settings in) {
        return new RateConfig(
                rates(
                        in.section("subject", "What each subject may send, to all tables."),
                        "",
                        Rates.UNBOUNDED,
                        Key.NONE),
                rates(
                        in.section("table", "What each table may get, from all subjects."),
                        "",
                        Rates.UNBOUNDED,
                        Key.NONE),
                rates(in.section("total", "What all may send to all tables."), "", Rates.UNBOUNDED, Key.NONE),
                in.integer(
                        "max-subjects",
                        1_000_000,
                        1,
                        50_000_000,
                        "Subjects told apart at one time, where each is bounded, at 24 to 48 bytes of memory each; more"
                                + " share what one may send."));
    }

    /**
     * @param prefix of the keys' names
     * @param byDefault how the reference names {@code otherwise}
     */
    static Rates rates(Settings in, String prefix, Rates otherwise, String byDefault) {
        return new Rates(
                in.optional(
                        prefix + "requests",
                        named(byDefault, "requests"),
                        otherwise.requests(),
                        "such as 100/10s",
                        "So many requests in that time, all at once or spread over it; more are answered 429.",
                        text -> quota(text, RateConfig::count, REQUESTS_MAX)),
                in.optional(
                        prefix + "bytes",
                        named(byDefault, "bytes"),
                        otherwise.bytes(),
                        "such as 1MiB/1s",
                        "So many bytes of bodies in that time; who has sent more is answered 429 until as much time"
                                + " has passed.",
                        text -> quota(text, Units::bytes, BYTES_MAX)));
    }

    private static String named(String section, String key) {
        return section.equals(Key.NONE) ? section : section + "." + key;
    }

    private static Quota quota(String text, ToLongFunction<String> units, long max) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("is not so many in a time, such as 100/10s");
        }
        long count = units.applyAsLong(parts[0].strip());
        Duration window = Units.duration(parts[1].strip());
        if (count < 1 || count > max) {
            throw new IllegalArgumentException("is not from 1 to " + max + " in a time");
        }
        if (window.toSeconds() < 1
                || !window.equals(window.truncatedTo(ChronoUnit.SECONDS))
                || window.compareTo(WINDOW_MAX) > 0) {
            throw new IllegalArgumentException("has a time that is not whole seconds from 1s to 1h");
        }
        return new Quota(count, window);
    }

    private static long count(String text) {
        if (!text.matches("[0-9]{1,10}")) {
            throw new IllegalArgumentException("is not so many in a time, such as 100/10s");
        }
        return Long.parseLong(text);
    }
}
