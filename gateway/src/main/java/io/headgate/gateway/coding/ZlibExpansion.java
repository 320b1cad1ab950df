package io.headgate.gateway.coding;

import java.util.zip.Adler32;
import java.util.zip.Inflater;

/** One stream as RFC 1950 has it. */
final class ZlibExpansion extends DeflateExpansion {
    private static final int DEFLATE = 8;
    private static final int METHOD_MASK = 0x0F;
    private static final int WINDOW_MAX = 0x7F;
    private static final int CHECK = 31;
    private static final int DICTIONARY = 0x20;

    private final Adler32 checksum = new Adler32();

    ZlibExpansion(Inflater inflater, Input in) {
        super(ContentCoding.DEFLATE, inflater, in);
    }

    /** Whether a body begins as RFC 1950 has it, which a stream of RFC 1951 by itself does not: no encoder makes one that would. */
    static boolean begins(byte[] bytes, int length) {
        return length >= 2
                && (bytes[0] & METHOD_MASK) == DEFLATE
                && (bytes[0] & 0xFF) <= WINDOW_MAX
                && (((bytes[0] & 0xFF) << Byte.SIZE) | (bytes[1] & 0xFF)) % CHECK == 0;
    }

    @Override
    void begin(Input in, boolean first) {
        if (!first) {
            throw in.broken(BrokenBody.GOES_ON);
        }
        in.skip(1);
        if ((in.next() & DICTIONARY) != 0) {
            throw in.broken(BrokenBody.NEEDS_DICTIONARY);
        }
    }

    @Override
    void expanded(byte[] into, int from, int count) {
        checksum.update(into, from, count);
    }

    @Override
    void end(Input in) {
        if (Integer.reverseBytes((int) in.number(Integer.BYTES)) != (int) checksum.getValue()) {
            throw in.broken(BrokenBody.WRONG_CHECKSUM);
        }
    }
}
