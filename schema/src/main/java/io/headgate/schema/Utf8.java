package io.headgate.schema;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** UTF-8 (RFC 3629): checked, and made from UTF-16 straight into a caller's array. */
final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NOT_ASCII = 0x8080808080808080L;

    private static final long ONES = 0x0101010101010101L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long SPACES = ' ' * ONES;

    private Utf8() {}

    /** Where the first byte sequence begins that is not UTF-8 (RFC 3629, section 4), or -1 if all is. */
    static int firstInvalid(byte[] bytes, int offset, int length) {
        int stop = offset + length;
        int i = offset;
        while (i < stop) {
            i = endOfAscii(bytes, i, stop);
            if (i < stop) {
                int sequence = sequenceLength(bytes, i, stop);
                if (sequence == 0) {
                    return i;
                }
                i += sequence;
            }
        }
        return -1;
    }

    /** Where the first byte is, or is about to be, that is not ASCII: 32 bytes at a time, then 8, then one. */
    private static int endOfAscii(byte[] bytes, int from, int stop) {
        int i = from;
        while (i <= stop - 4 * Long.BYTES) {
            long any = (long) LONGS.get(bytes, i)
                    | (long) LONGS.get(bytes, i + Long.BYTES)
                    | (long) LONGS.get(bytes, i + 2 * Long.BYTES)
                    | (long) LONGS.get(bytes, i + 3 * Long.BYTES);
            if ((any & NOT_ASCII) != 0) {
                break;
            }
            i += 4 * Long.BYTES;
        }
        while (i <= stop - Long.BYTES && ((long) LONGS.get(bytes, i) & NOT_ASCII) == 0) {
            i += Long.BYTES;
        }
        while (i < stop && bytes[i] >= 0) {
            i++;
        }
        return i;
    }

    /** Where the first quote, backslash or control character is, which all end plain text in a JSON string; else the end. */
    static int endOfPlainJson(byte[] bytes, int from, int stop) {
        int i = from;
        for (; i <= stop - Long.BYTES; i += Long.BYTES) {
            long word = (long) LONGS.get(bytes, i);
            // A carry sets bits above the lowest that is set, never below it (Hacker's Delight, section 6-1).
            long ends = withZero(word ^ QUOTES) | withZero(word ^ BACKSLASHES) | (word - SPACES & ~word);
            if ((ends & NOT_ASCII) != 0) {
                return i + (Long.numberOfTrailingZeros(ends & NOT_ASCII) >> 3);
            }
        }
        while (i < stop && bytes[i] != '"' && bytes[i] != '\\' && (bytes[i] < 0 || bytes[i] >= ' ')) {
            i++;
        }
        return i;
    }

    /** Has the high bit of the lowest byte that is zero. */
    private static long withZero(long word) {
        return word - ONES & ~word;
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

    /** How many characters (code points) the bytes are, which are UTF-8. */
    static int characters(byte[] bytes, int offset, int length) {
        int characters = 0;
        for (int i = offset; i < offset + length; i++) {
            characters += (bytes[i] & 0xC0) == 0x80 ? 0 : 1;
        }
        return characters;
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
