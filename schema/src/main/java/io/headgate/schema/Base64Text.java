package io.headgate.schema;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Base64 of either alphabet (RFC 4648, sections 4 and 5), with its padding or without. Strict otherwise: one alphabet per
 * text, no line breaks, and no bits left over, which tell that a text was cut.
 */
final class Base64Text {
    private static final byte[] STANDARD = values("+/");
    private static final byte[] URL_SAFE = values("-_");
    private static final int CHARS_PER_GROUP = 4;
    private static final int BITS_PER_CHAR = 6;

    private Base64Text() {}

    private static byte[] values(String lastTwo) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + lastTwo;
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        for (byte c : alphabet.getBytes(StandardCharsets.US_ASCII)) {
            values[c] = (byte) alphabet.indexOf(c);
        }
        return values;
    }

    /**
     * How many bytes the text stands for.
     *
     * @throws ValueProblem if it is not base64
     */
    static int length(byte[] text, int offset, int length) throws ValueProblem {
        int chars = charsBeforePadding(text, offset, length);
        boolean paddedWrongly = chars < length && length % CHARS_PER_GROUP != 0;
        if (paddedWrongly || chars % CHARS_PER_GROUP == 1) {
            throw new ValueProblem("is not base64: it has a character too many or too few");
        }
        byte[] values = alphabet(text, offset, chars);
        int leftOver = chars * BITS_PER_CHAR % Byte.SIZE;
        if (leftOver > 0 && (values[text[offset + chars - 1]] & ((1 << leftOver) - 1)) != 0) {
            throw new ValueProblem("is base64 with bits left over at its end, as if it was cut");
        }
        return (int) ((long) chars * BITS_PER_CHAR / Byte.SIZE);
    }

    /** Decodes text that {@link #length} has measured. */
    static void decode(byte[] text, int offset, int length, byte[] out, int start) {
        int stop = offset + charsBeforePadding(text, offset, length);
        int at = start;
        int bits = 0;
        int held = 0;
        for (int i = offset; i < stop; i++) {
            byte c = text[i];
            int value = STANDARD[c] >= 0 ? STANDARD[c] : URL_SAFE[c];
            bits = bits << BITS_PER_CHAR | value;
            held += BITS_PER_CHAR;
            if (held >= Byte.SIZE) {
                held -= Byte.SIZE;
                out[at++] = (byte) (bits >> held);
            }
        }
    }

    private static int charsBeforePadding(byte[] text, int offset, int length) {
        int chars = length;
        while (chars > 0 && length - chars < 2 && text[offset + chars - 1] == '=') {
            chars--;
        }
        return chars;
    }

    private static byte[] alphabet(byte[] text, int offset, int chars) throws ValueProblem {
        byte[] values = STANDARD;
        boolean decided = false;
        for (int i = offset; i < offset + chars; i++) {
            byte c = text[i];
            if (c < 0 || (STANDARD[c] < 0 && URL_SAFE[c] < 0)) {
                throw new ValueProblem("is not base64: it holds a character of neither alphabet, such as a space or a"
                        + " line break");
            }
            if (values[c] < 0) {
                if (decided) {
                    throw new ValueProblem("mixes the two alphabets of base64");
                }
                values = URL_SAFE;
            }
            decided |= STANDARD[c] != URL_SAFE[c];
        }
        return values;
    }
}
