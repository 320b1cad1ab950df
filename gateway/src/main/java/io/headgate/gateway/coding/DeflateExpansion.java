package io.headgate.gateway.coding;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** DEFLATE streams (RFC 1951) one after another, each in a wrapping that is the subclass's business. */
abstract class DeflateExpansion implements Expansion {
    private final ContentCoding coding;
    private final Inflater inflater;
    private final Input in;
    private boolean begun;
    private boolean within;

    /** @param inflater a raw one, which remains the caller's */
    DeflateExpansion(ContentCoding coding, Inflater inflater, Input in) {
        this.coding = coding;
        this.inflater = inflater;
        this.in = in;
    }

    /** Reads what comes before a stream, the first or a later one. */
    abstract void begin(Input from, boolean first);

    /** Sees a piece of its content. */
    abstract void expanded(byte[] into, int from, int count);

    /** Reads what comes after it, and checks the content by that. */
    abstract void end(Input from);

    @Override
    public final int read(byte[] into, int from, int max) {
        int count = 0;
        while (count == 0) {
            if (!within && begun && in.isAtEnd()) {
                return -1;
            }
            if (!within) {
                begin(in, !begun);
                begun = true;
                within = true;
                inflater.reset();
                in.giveTo(inflater);
            }
            count = inflate(into, from, max);
            expanded(into, from, count);
            if (inflater.finished()) {
                in.takeBack(inflater);
                within = false;
                end(in);
            } else if (count == 0) {
                throw in.broken(BrokenBody.CUT);
            }
        }
        return count;
    }

    private int inflate(byte[] into, int from, int max) {
        try {
            return inflater.inflate(into, from, max);
        } catch (DataFormatException e) {
            throw BrokenBody.damaged(coding, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public final void close() {}
}
