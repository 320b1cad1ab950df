package io.headgate.gateway.config;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Quantities as people write them: {@code 10MiB}, {@code 2s}. A time needs its unit; a bare number of bytes is bytes. */
public final class Units {
    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,18})([A-Za-z]*)");

    private static final Map<String, Long> BYTES =
            Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);

    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private Units() {}

    /** @throws IllegalArgumentException with a message that ends a sentence begun by what the text was for */
    public static long bytes(String text) {
        return scaled(text, BYTES, "a size such as 512KiB, 10MiB or 8GiB");
    }

    /** @throws IllegalArgumentException with a message that ends a sentence begun by what the text was for */
    public static Duration duration(String text) {
        return Duration.ofMillis(scaled(text, MILLIS, "a time such as 500ms, 2s, 5m, 1h or 7d"));
    }

    private static long scaled(String text, Map<String, Long> units, String expected) {
        Matcher quantity = QUANTITY.matcher(text);
        Long unit = quantity.matches() ? units.get(quantity.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("is not " + expected);
        }
        try {
            return Math.multiplyExact(Long.parseLong(quantity.group(1)), unit);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is too large", e);
        }
    }
}
