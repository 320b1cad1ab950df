package io.headgate.schema;

/**
 * Short decimal text, such as sensors send, to a floating-point number: digits, with a point among or before them or not.
 * If the digits as a whole number and the power of ten behind the point are both exact in the type, their quotient is
 * rounded once and so the nearest number to the text, as IEEE 754 has it (Clinger, "How to read floating point numbers
 * accurately", 1990). That holds for 15 digits in a double, 7 in a float. Zero keeps its sign. Stateless.
 */
final class ShortDecimal {
    /** What {@link #scan} says of text that is something else. */
    static final long NONE = -1;

    static final int DOUBLE_DIGITS_MAX = 15;
    static final int FLOAT_DIGITS_MAX = 7;

    private static final int DECIMALS_BITS = 8;
    private static final int DECIMALS_MASK = (1 << DECIMALS_BITS) - 1;

    /** Exact up to 10^22; those up to 10^10 are exact in a float too. */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private ShortDecimal() {}

    /**
     * Takes the text apart, without its sign.
     *
     * @param text a JSON number, or what {@link DecimalText} matches
     * @param digitsMax beyond which it is not short, leading zeros counted
     * @return for {@link #toDouble} or {@link #toFloat}; {@link #NONE} if it is longer, or has an exponent or a plus sign
     */
    static long scan(char[] text, int offset, int length, int digitsMax) {
        int stop = offset + length;
        int start = length > 0 && text[offset] == '-' ? offset + 1 : offset;
        if (stop - start > digitsMax + 1) {
            return NONE;
        }
        long digits = 0;
        int point = stop - 1;
        int i = start;
        for (; i < stop; i++) {
            int digit = text[i] - '0';
            if (digit >= 0 && digit <= 9) {
                digits = digits * 10 + digit;
            } else if (text[i] == '.') {
                point = i;
            } else {
                return NONE;
            }
        }
        boolean pointless = point == stop - 1 && text[point] != '.';
        if (pointless && stop - start > digitsMax) {
            return NONE;
        }
        return digits << DECIMALS_BITS | (pointless ? 0 : stop - 1 - point);
    }

    /** @param scanned from {@link #scan} with {@link #DOUBLE_DIGITS_MAX} */
    static double toDouble(long scanned, boolean negative) {
        double value = (scanned >> DECIMALS_BITS) / POWERS[(int) scanned & DECIMALS_MASK];
        return negative ? -value : value;
    }

    /** @param scanned from {@link #scan} with {@link #FLOAT_DIGITS_MAX} */
    static float toFloat(long scanned, boolean negative) {
        float value = (scanned >> DECIMALS_BITS) / (float) POWERS[(int) scanned & DECIMALS_MASK];
        return negative ? -value : value;
    }
}
