package io.headgate.schema;

import java.time.DateTimeException;
import java.time.LocalDate;

/**
 * ISO-8601 text to days and microseconds, strictly: what is accepted names exactly one day or instant.
 *
 * <pre>
 *   date       YYYY-MM-DD
 *   timestamp  date ("T" | "t" | " ") hh:mm [:ss [.fraction]] [zone]
 *   zone       "Z" | "z" | (+ | -) hh[[:]mm], up to 18:00
 * </pre>
 *
 * <p>That is RFC 3339, section 5.6 (the space and the lower case are in its notes), and what Spark and devices' usual
 * libraries print besides: no seconds where they are zero, offsets without colon or minutes. Years are 0001 to 9999 and
 * days those of the proleptic Gregorian calendar. Hour 24 and leap seconds are refused, as is a fraction that
 * microseconds cannot hold: they would be stored as another time than was sent.
 */
final class IsoTimes {
    private static final int DATE_CHARS = 10;
    private static final int MINUTE_END = 16;
    private static final int MICROS_DIGITS = 6;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int OFFSET_MINUTES_MAX = 18 * 60;

    private final byte[] text;
    private final int end;
    private int at;

    private IsoTimes(byte[] text, int offset, int length) {
        this.text = text;
        this.at = offset;
        this.end = offset + length;
    }

    /** Days since 1970-01-01. */
    static int days(byte[] text, int offset, int length) throws ValueProblem {
        if (length != DATE_CHARS) {
            throw new ValueProblem("is not a date of the form YYYY-MM-DD");
        }
        return new IsoTimes(text, offset, length).date("is not a date of the form YYYY-MM-DD");
    }

    /**
     * Microseconds since 1970-01-01T00:00:00.
     *
     * @param zoned whether the text must say which zone it means, or must not
     */
    static long micros(byte[] text, int offset, int length, boolean zoned) throws ValueProblem {
        return new IsoTimes(text, offset, length).timestamp(zoned);
    }

    private long timestamp(boolean zoned) throws ValueProblem {
        if (end - at < MINUTE_END) {
            throw malformed();
        }
        long days = date("is not an ISO-8601 time");
        byte separator = text[at++];
        if (separator != 'T' && separator != 't' && separator != ' ') {
            throw malformed();
        }
        int hour = twoDigits();
        skip(':');
        int minute = twoDigits();
        int second = accept(':') ? twoDigits() : -1;
        long micros = second >= 0 && accept('.') ? fraction() : 0;
        int offsetMinutes = zone(zoned);
        if (hour > 23 || minute > 59 || second > 59) {
            throw new ValueProblem("is no time of day: those go from 00:00:00 to 23:59:59, without leap seconds");
        }
        long seconds = ((days * 24 + hour) * 60 + minute - offsetMinutes) * 60 + Math.max(second, 0);
        return seconds * MICROS_PER_SECOND + micros;
    }

    private int date(String reasonIfMalformed) throws ValueProblem {
        int year = twoDigits(reasonIfMalformed) * 100 + twoDigits(reasonIfMalformed);
        boolean dash = accept('-');
        int month = twoDigits(reasonIfMalformed);
        dash &= accept('-');
        int day = twoDigits(reasonIfMalformed);
        if (!dash) {
            throw new ValueProblem(reasonIfMalformed);
        }
        if (year == 0) {
            throw new ValueProblem("has the year 0000: years go from 0001 to 9999");
        }
        try {
            return (int) LocalDate.of(year, month, day).toEpochDay();
        } catch (DateTimeException e) {
            throw new ValueProblem("names a day that is not in the calendar");
        }
    }

    private long fraction() throws ValueProblem {
        long micros = 0;
        int digits = 0;
        for (; at < end && isDigit(text[at]); at++, digits++) {
            if (digits < MICROS_DIGITS) {
                micros = micros * 10 + (text[at] - '0');
            } else if (text[at] != '0') {
                throw new ValueProblem(
                        "has digits beyond microseconds, which would be lost: send at most six, or zeros");
            }
        }
        if (digits == 0) {
            throw malformed();
        }
        for (; digits < MICROS_DIGITS; digits++) {
            micros *= 10;
        }
        return micros;
    }

    private int zone(boolean zoned) throws ValueProblem {
        boolean present = at < end;
        int minutes = present ? offsetMinutes() : 0;
        if (zoned && !present) {
            throw new ValueProblem("has no zone: append \"Z\" if it is UTC, else its offset, such as \"+02:00\"");
        }
        if (!zoned && present) {
            throw new ValueProblem("has a zone, which the column's type cannot keep: send the local time without it");
        }
        return minutes;
    }

    private int offsetMinutes() throws ValueProblem {
        byte sign = text[at++];
        if ((sign == 'Z' || sign == 'z') && at == end) {
            return 0;
        }
        if (sign != '+' && sign != '-') {
            throw malformed();
        }
        int hours = twoDigits();
        int minutes = 0;
        if (at < end) {
            accept(':');
            minutes = twoDigits();
        }
        if (at != end) {
            throw malformed();
        }
        int total = hours * 60 + minutes;
        if (minutes > 59 || total > OFFSET_MINUTES_MAX) {
            throw new ValueProblem("has an offset that no zone has: they go from -18:00 to +18:00");
        }
        return sign == '-' ? -total : total;
    }

    private int twoDigits() throws ValueProblem {
        return twoDigits("is not an ISO-8601 time");
    }

    private int twoDigits(String reasonIfMalformed) throws ValueProblem {
        if (at + 2 > end || !isDigit(text[at]) || !isDigit(text[at + 1])) {
            throw new ValueProblem(reasonIfMalformed);
        }
        int value = (text[at] - '0') * 10 + (text[at + 1] - '0');
        at += 2;
        return value;
    }

    private void skip(char c) throws ValueProblem {
        if (!accept(c)) {
            throw malformed();
        }
    }

    private boolean accept(char c) {
        if (at < end && text[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    private static ValueProblem malformed() {
        return new ValueProblem("is not an ISO-8601 time");
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }
}
