package io.headgate.schema;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** UTF-8 (RFC 3629): checked, and made from UTF-16 straight into a caller's array. */
final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NOT_ASCII = 0x8080808080808080L;

    private Utf8() {}

    /** Where the first byte sequence begins that is not UTF-8 (RFC 3629, section 4), or -1 if all is. */
    static int firstInvalid(byte[] bytes, int offset, int length) {
        int stop = offset + length;
        int i = offset;
        while (i < stop) {
            if (i + Long.BYTES <= stop && ((long) LONGS.get(bytes, i) & NOT_ASCII) == 0) {
                i += Long.BYTES;
            } else {
                int sequence = sequenceLength(bytes, i, stop);
                if (sequence == 0) {
                    return i;
                }
                i += sequence;
            }
        }
        return -1;
    }

    /** Whether a JSON text is in UTF-16 or UTF-32: it begins with their mark, or has a zero byte beside its first character. */
    static boolean isOtherUtf(byte[] bytes, int offset, int length) {
        if (length < 2) {
            return false;
        }
        int first = bytes[offset] & 0xFF;
        int second = bytes[offset + 1] & 0xFF;
        return first == 0 || second == 0 || (first == 0xFE && second == 0xFF) || (first == 0xFF && second == 0xFE);
    }

    /** Bytes of the character that begins at {@code i}; 0 if none does. */
    private static int sequenceLength(byte[] bytes, int i, int stop) {
        int lead = bytes[i] & 0xFF;
        if (lead < 0x80) {
            return 1;
        }
        int length =
                lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
        if (length == 0 || i + length > stop) {
            return 0;
        }
        int second = bytes[i + 1] & 0xFF;
        int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80; // below: an overlong form
        int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF; // above: a surrogate, or beyond U+10FFFF
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int j = i + 2; j < i + length; j++) {
            if ((bytes[j] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /** How many bytes the text takes, or -1 if it holds half a surrogate pair. */
    static int length(char[] text, int offset, int length) {
        int bytes = length;
        for (int i = offset, stop = offset + length; i < stop; i++) {
            char c = text[i];
            if (c < 0x80) {
                continue;
            }
            if (c < 0x800) {
                bytes += 1;
            } else if (!Character.isSurrogate(c)) {
                bytes += 2;
            } else if (Character.isHighSurrogate(c) && i + 1 < stop && Character.isLowSurrogate(text[i + 1])) {
                bytes += 2;
                i++;
            } else {
                return -1;
            }
        }
        return bytes;
    }

    /**
     * Encodes text as far as it is ASCII, which most text is to its end.
     *
     * @return how many characters that is
     */
    static int encodeAscii(char[] text, int offset, int length, byte[] out, int start) {
        for (int i = 0; i < length; i++) {
            char c = text[offset + i];
            if (c >= 0x80) {
                return i;
            }
            out[start + i] = (byte) c;
        }
        return length;
    }

    /** Encodes text that {@link #length} has measured. */
    static void encode(char[] text, int offset, int length, byte[] out, int start) {
        int at = start;
        for (int i = offset, stop = offset + length; i < stop; i++) {
            char c = text[i];
            if (c < 0x80) {
                out[at++] = (byte) c;
            } else if (c < 0x800) {
                out[at++] = (byte) (0xC0 | (c >> 6));
                out[at++] = tail(c);
            } else if (!Character.isSurrogate(c)) {
                out[at++] = (byte) (0xE0 | (c >> 12));
                out[at++] = tail(c >> 6);
                out[at++] = tail(c);
            } else {
                int codePoint = Character.toCodePoint(c, text[++i]);
                out[at++] = (byte) (0xF0 | (codePoint >> 18));
                out[at++] = tail(codePoint >> 12);
                out[at++] = tail(codePoint >> 6);
                out[at++] = tail(codePoint);
            }
        }
    }

    private static byte tail(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }
}
