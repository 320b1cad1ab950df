package io.headgate.gateway.coding;

import java.util.zip.Inflater;

/** One stream of RFC 1951 with nothing around it, and so without a checksum. */
final class RawExpansion extends DeflateExpansion {
    RawExpansion(Inflater inflater, Input in) {
        super(ContentCoding.DEFLATE, inflater, in);
    }

    @Override
    void begin(Input in, boolean first) {
        if (!first) {
            throw in.broken(BrokenBody.GOES_ON);
        }
    }

    @Override
    void expanded(byte[] into, int from, int count) {}

    @Override
    void end(Input in) {}
}
