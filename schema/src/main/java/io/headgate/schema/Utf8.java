package io.headgate.schema;

/** UTF-16 to UTF-8 (RFC 3629), straight into a caller's array. Half a surrogate pair has no UTF-8. */
final class Utf8 {
    private Utf8() {}

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
