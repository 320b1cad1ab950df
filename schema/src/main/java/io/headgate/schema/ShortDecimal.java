package io.headgate.schema;

/**
 * Short decimal numbers, such as sensors send, as floating-point ones. If the digits as a whole number and the power of ten
 * behind the point are both exact in the type, their quotient is rounded once and so the nearest number to the text, as
 * IEEE 754 has it (Clinger, "How to read floating point numbers accurately", 1990). That holds for 15 digits in a double, 7
 * in a float. Stateless.
 */
final class ShortDecimal {
    static final int DOUBLE_DIGITS_MAX = 15;
    static final int FLOAT_DIGITS_MAX = 7;

    /** Exact up to 10^22; those up to 10^10 are exact in a float too. */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private ShortDecimal() {}

    /**
     * @param digits of at most {@value #DOUBLE_DIGITS_MAX} digits, leading zeros counted; not those of -0
     * @param decimals how many of them are behind the point
     */
    static double toDouble(long digits, int decimals) {
        return digits / POWERS[decimals];
    }

    /** The same with at most {@value #FLOAT_DIGITS_MAX} digits. */
    static float toFloat(long digits, int decimals) {
        return digits / (float) POWERS[decimals];
    }
}
