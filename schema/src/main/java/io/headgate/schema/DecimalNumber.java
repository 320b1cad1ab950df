package io.headgate.schema;

/**
 * Decimal text as a number, exactly: 1.0, 10e-1 and 9.223372036854775807e18 are whole, and no double is involved. Time is
 * linear in the text, whatever its exponent says. One of these reads one text after another.
 */
final class DecimalNumber {
    /** Beyond any exponent that digits of an allowed length could make up for. */
    private static final int EXPONENT_MAX = 1_000_000_000;

    private static final int LONG_DIGITS_MAX = 19;
    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private byte[] text = {};
    private boolean negative;
    /** Where the first and the last digit are that are not zero; the same place if none is. */
    private int first;

    private int last;
    private boolean zero;
    private int point;
    private int exponent;
    private long high;
    private long low;

    /** Whether the text is digits after an optional sign, which is how a whole number may be sent as a string. */
    static boolean isPlain(byte[] text, int offset, int length) {
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

    /** Reads a JSON number (RFC 8259, section 6), {@link #isPlain plain} text or one that {@link DecimalText} matches. */
    DecimalNumber read(byte[] chars, int offset, int length) {
        text = chars;
        negative = text[offset] == '-';
        int start = isSign(text[offset]) ? offset + 1 : offset;
        int end = endOfDigits(start, offset + length);
        first = start;
        while (first < end && !isSignificant(text[first])) {
            first++;
        }
        zero = first == end;
        last = zero ? first : end - 1;
        while (!zero && !isSignificant(text[last])) {
            last--;
        }
        point = start;
        while (point < end && text[point] != '.') {
            point++;
        }
        exponent = exponent(end, offset + length);
        return this;
    }

    /** The number, if it is whole and fits. */
    long longValue() throws ValueProblem {
        if (zero) {
            return 0;
        }
        int trailingZeros = power(last);
        if (trailingZeros < 0) {
            throw new ValueProblem("is not a whole number");
        }
        if (power(first) >= LONG_DIGITS_MAX) {
            throw new ValueProblem("is out of range");
        }
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

    /** Makes the number one of units of the type's last digit, {@link #high} and {@link #low}, if it has such a number. */
    void toUnits(ColumnType.Decimal type) throws ValueProblem {
        high = 0;
        low = 0;
        if (zero) {
            return;
        }
        int trailingZeros = power(last) + type.scale();
        if (trailingZeros < 0) {
            throw new ValueProblem("has more digits behind its point than the " + type.scale() + " of its type");
        }
        if (power(first) + type.scale() >= type.precision()) {
            throw new ValueProblem("is out of range");
        }
        for (int i = first; i <= last; i++) {
            if (text[i] != '.') {
                append(text[i] - '0');
            }
        }
        for (int i = 0; i < trailingZeros; i++) {
            append(0);
        }
        if (negative) {
            low = -low;
            high = ~high + (low == 0 ? 1 : 0);
        }
    }

    /** The upper 64 bits of the units, two's complement. */
    long high() {
        return high;
    }

    /** The lower 64 bits. */
    long low() {
        return low;
    }

    private void append(int digit) {
        long carry = ((low >>> 32) * 10 + (((low & LOW_HALF) * 10) >>> 32)) >>> 32;
        high = high * 10 + carry;
        low = low * 10 + digit;
        if (Long.compareUnsigned(low, digit) < 0) {
            high++;
        }
    }

    /** The power of ten that the digit at {@code i} counts. */
    private int power(int i) {
        return exponent + (i < point ? point - i - 1 : point - i);
    }

    private int endOfDigits(int start, int stop) {
        int i = start;
        while (i < stop && (isDigit(text[i]) || text[i] == '.')) {
            i++;
        }
        return i;
    }

    /** What follows the e, if there is one, cut to where it decides alone. */
    private int exponent(int e, int stop) {
        if (e == stop) {
            return 0;
        }
        int i = isSign(text[e + 1]) ? e + 2 : e + 1;
        long value = 0;
        for (; i < stop && value < EXPONENT_MAX; i++) {
            value = value * 10 + (text[i] - '0');
        }
        int cut = (int) Math.min(value, EXPONENT_MAX);
        return text[e + 1] == '-' ? -cut : cut;
    }

    private static boolean isSign(byte c) {
        return c == '-' || c == '+';
    }

    private static boolean isSignificant(byte c) {
        return c >= '1' && c <= '9';
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }
}
