package io.headgate.gateway.coding;

import java.util.zip.CRC32;
import java.util.zip.Inflater;

/** One or more members as RFC 1952 has them. */
final class GzipExpansion extends DeflateExpansion {
    private static final int MAGIC = 0x8B1F;
    private static final int DEFLATE = 8;
    private static final int CRC16_MASK = 0xFFFF;

    private static final int HEADER_CHECKED = 0x02;
    private static final int EXTRA = 0x04;
    private static final int NAME = 0x08;
    private static final int COMMENT = 0x10;
    private static final int UNKNOWN = 0xE0;
    private static final int TIME_AND_SYSTEM_BYTES = 6;

    private final CRC32 checksum = new CRC32();
    private int bytes;

    GzipExpansion(Inflater inflater, Input in) {
        super(ContentCoding.GZIP, inflater, in);
    }

    @Override
    void begin(Input in, boolean first) {
        int start = in.at();
        if (in.number(2) != MAGIC) {
            throw in.broken(first ? "does not begin with the bytes 1f 8b" : BrokenBody.GOES_ON);
        }
        int method = in.next();
        int flags = in.next();
        if (method != DEFLATE || (flags & UNKNOWN) != 0) {
            throw in.broken("has a header that RFC 1952 does not know");
        }
        in.skip(TIME_AND_SYSTEM_BYTES);
        if ((flags & EXTRA) != 0) {
            in.skip(in.number(2));
        }
        if ((flags & NAME) != 0) {
            skipText(in);
        }
        if ((flags & COMMENT) != 0) {
            skipText(in);
        }
        checksum.reset();
        if ((flags & HEADER_CHECKED) != 0) {
            in.addTo(checksum, start);
            if (in.number(2) != (checksum.getValue() & CRC16_MASK)) {
                throw in.broken("has a header that is not what its checksum is of");
            }
            checksum.reset();
        }
        bytes = 0;
    }

    private static void skipText(Input in) {
        while (in.next() != 0) {}
    }

    @Override
    void expanded(byte[] into, int from, int count) {
        checksum.update(into, from, count);
        bytes += count; // modulo 2^32, as in the trailer
    }

    @Override
    void end(Input in) {
        if (in.number(Integer.BYTES) != checksum.getValue()) {
            throw in.broken(BrokenBody.WRONG_CHECKSUM);
        }
        if ((int) in.number(Integer.BYTES) != bytes) {
            throw in.broken("does not have the length that its end says");
        }
    }
}
