package io.headgate.schema;

/**
 * Recognises a decimal number sent as a JSON string: {@code [+-] (digits [. [digits]] | . digits) [e [+-] digits]}. No
 * spaces, no hexadecimal digits, no Java suffixes, which the parser behind it would all take.
 */
final class DecimalText {
    private DecimalText() {}

    static boolean matches(byte[] text, int offset, int length) {
        int stop = offset + length;
        int start = afterSign(text, offset, stop);
        int point = afterDigits(text, start, stop);
        boolean hasPoint = point < stop && text[point] == '.';
        int end = hasPoint ? afterDigits(text, point + 1, stop) : point;
        int digits = end - start - (hasPoint ? 1 : 0);
        if (digits == 0) {
            return false;
        }
        if (end == stop) {
            return true;
        }
        if (text[end] != 'e' && text[end] != 'E') {
            return false;
        }
        int exponent = afterSign(text, end + 1, stop);
        return exponent < stop && afterDigits(text, exponent, stop) == stop;
    }

    private static int afterSign(byte[] text, int i, int stop) {
        return i < stop && (text[i] == '-' || text[i] == '+') ? i + 1 : i;
    }

    private static int afterDigits(byte[] text, int from, int stop) {
        int i = from;
        while (i < stop && text[i] >= '0' && text[i] <= '9') {
            i++;
        }
        return i;
    }
}
