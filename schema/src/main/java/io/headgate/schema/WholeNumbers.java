package io.headgate.schema;

/**
 * Decimal text to 64-bit integers, exactly: 1.0, 10e-1 and 9.223372036854775807e18 are whole numbers, and no double is
 * involved. Time is linear in the text, whatever its exponent says.
 */
final class WholeNumbers {
    /** Beyond any exponent that digits of an allowed length could make up for. */
    private static final int EXPONENT_MAX = 1_000_000_000;

    private static final int LONG_DIGITS_MAX = 19;

    private WholeNumbers() {}

    /** Whether the text is digits after an optional sign, which is how a whole number may be sent as a string. */
    static boolean isPlain(char[] text, int offset, int length) {
        int stop = offset + length;
        int i = length > 0 && isSign(text[offset]) ? offset + 1 : offset;
        if (i == stop) {
            return false;
        }
        while (i < stop && isDigit(text[i])) {
            i++;
        }
        return i == stop;
    }

    /** Reads a JSON number (RFC 8259, section 6) or {@link #isPlain plain} text. */
    static long parse(char[] text, int offset, int length) throws ValueProblem {
        int start = isSign(text[offset]) ? offset + 1 : offset;
        int end = endOfDigits(text, start, offset + length);
        int first = start;
        while (first < end && !isSignificant(text[first])) {
            first++;
        }
        if (first == end) {
            return 0;
        }
        int last = end - 1;
        while (!isSignificant(text[last])) {
            last--;
        }
        int point = start;
        while (point < end && text[point] != '.') {
            point++;
        }
        int exponent = exponent(text, end, offset + length);
        int trailingZeros = exponent + power(last, point);
        if (trailingZeros < 0) {
            throw new ValueProblem("is not a whole number");
        }
        if (exponent + power(first, point) >= LONG_DIGITS_MAX) {
            throw new ValueProblem("is out of range");
        }
        return value(text, first, last, trailingZeros, text[offset] == '-');
    }

    /** At most 19 digits from {@code first} to {@code last}, and the zeros that follow them. */
    private static long value(char[] text, int first, int last, int trailingZeros, boolean negative)
            throws ValueProblem {
        try {
            long negated = 0; // Negative numbers have room for one more.
            for (int i = first; i <= last; i++) {
                if (text[i] != '.') {
                    negated = Math.subtractExact(Math.multiplyExact(negated, 10L), text[i] - '0');
                }
            }
            for (int i = 0; i < trailingZeros; i++) {
                negated = Math.multiplyExact(negated, 10L);
            }
            return negative ? negated : Math.negateExact(negated);
        } catch (ArithmeticException e) {
            throw new ValueProblem("is out of range");
        }
    }

    /** The power of ten that the digit at {@code i} counts, before the exponent. */
    private static int power(int i, int point) {
        return i < point ? point - i - 1 : point - i;
    }

    private static int endOfDigits(char[] text, int start, int stop) {
        int i = start;
        while (i < stop && (isDigit(text[i]) || text[i] == '.')) {
            i++;
        }
        return i;
    }

    /** What follows the e, if there is one, cut to where it decides alone. */
    private static int exponent(char[] text, int e, int stop) {
        if (e == stop) {
            return 0;
        }
        int i = isSign(text[e + 1]) ? e + 2 : e + 1;
        long exponent = 0;
        for (; i < stop && exponent < EXPONENT_MAX; i++) {
            exponent = exponent * 10 + (text[i] - '0');
        }
        int cut = (int) Math.min(exponent, EXPONENT_MAX);
        return text[e + 1] == '-' ? -cut : cut;
    }

    private static boolean isSign(char c) {
        return c == '-' || c == '+';
    }

    private static boolean isSignificant(char c) {
        return c >= '1' && c <= '9';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
