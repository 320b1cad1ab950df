package io.headgate.schema;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Which times a table takes, so that seconds and milliseconds are found out that were sent as microseconds. Those of
 * TIMESTAMP_NTZ are compared as if they were in UTC.
 *
 * @param earliest in microseconds since 1970-01-01T00:00:00, still taken
 * @param latest in the same, still taken
 */
public record PlausibleTimes(long earliest, long latest) {
    /** Takes any time. */
    public static final PlausibleTimes ALL = new PlausibleTimes(Long.MIN_VALUE, Long.MAX_VALUE);

    private static final long MICROS_PER_MILLI = 1_000;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    /** @throws IllegalArgumentException if no time is left */
    public PlausibleTimes {
        if (earliest > latest) {
            throw new IllegalArgumentException("No time is from " + earliest + " to " + latest);
        }
    }

    /** The moment, cut to microseconds; the first or last that they can tell, should it be beyond. */
    public static long micros(Instant moment) {
        try {
            return Math.addExact(
                    Math.multiplyExact(moment.getEpochSecond(), MICROS_PER_SECOND), moment.getNano() / NANOS_PER_MICRO);
        } catch (ArithmeticException e) {
            return moment.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /**
     * @param micros a TIMESTAMP or TIMESTAMP_NTZ
     * @param number whether it was sent as a number, which tells no unit
     * @throws ValueProblem if it is not plausible
     */
    void require(long micros, boolean zoned, boolean number) throws ValueProblem {
        if (!contains(micros)) {
            throw new ValueProblem(reason(micros, zoned, number));
        }
    }

    private boolean contains(long micros) {
        return micros >= earliest && micros <= latest;
    }

    private String reason(long micros, boolean zoned, boolean number) {
        String bound = micros < earliest
                ? "before " + text(earliest, zoned) + ", the earliest"
                : "after " + text(latest, zoned) + ", the latest";
        String unit = number ? unit(micros) : "";
        return "is " + text(micros, zoned) + ", " + bound + " that is plausible for the table"
                + (unit.isEmpty() ? "" : ": it looks like " + unit + ", so send microseconds or ISO-8601");
    }

    /** The unit in which the number would be plausible, the finest first: without a latest time coarser ones often are. */
    private String unit(long number) {
        if (number > latest && contains(number / NANOS_PER_MICRO)) {
            return "nanoseconds";
        }
        if (isPlausible(number, MICROS_PER_MILLI)) {
            return "milliseconds";
        }
        return isPlausible(number, MICROS_PER_SECOND) ? "seconds" : "";
    }

    private boolean isPlausible(long number, long micros) {
        long product = number * micros;
        boolean fits = Math.multiplyHigh(number, micros) == product >> 63;
        return fits && contains(product);
    }

    private static String text(long micros, boolean zoned) {
        long seconds = Math.floorDiv(micros, MICROS_PER_SECOND);
        int nanos = (int) Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO;
        return zoned
                ? Instant.ofEpochSecond(seconds, nanos).toString()
                : LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC).toString();
    }
}
