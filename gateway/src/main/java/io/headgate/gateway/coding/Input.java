package io.headgate.gateway.coding;

import io.headgate.model.RefusedException;
import java.util.zip.CRC32;
import java.util.zip.Inflater;

/** The bytes of a coded body, from where its reader is. To read beyond them is what a body that was cut short does. */
final class Input {
    private final ContentCoding coding;
    private final byte[] bytes;
    private final int end;
    private int at;

    Input(ContentCoding coding, byte[] bytes, int length) {
        this.coding = coding;
        this.bytes = bytes;
        this.end = length;
    }

    int at() {
        return at;
    }

    boolean isAtEnd() {
        return at == end;
    }

    /** The next byte, 0 to 255. */
    int next() {
        require(1);
        return bytes[at++] & 0xFF;
    }

    /** The number in the next {@code width} bytes, little-endian; eight bytes may be negative. */
    long number(int width) {
        require(width);
        long number = 0;
        for (int i = 0; i < width; i++) {
            number |= (bytes[at++] & 0xFFL) << (Byte.SIZE * i);
        }
        return number;
    }

    void skip(long count) {
        require(count);
        at += (int) count;
    }

    private void require(long count) {
        if (count > end - at) {
            throw broken(BrokenBody.CUT);
        }
    }

    /** Of what was read since {@code from}. */
    void addTo(CRC32 checksum, int from) {
        checksum.update(bytes, from, at - from);
    }

    /** Lets {@code inflater} have all that is left. */
    void giveTo(Inflater inflater) {
        inflater.setInput(bytes, at, end - at);
    }

    /** Goes on with what {@code inflater} was given and did not need. */
    void takeBack(Inflater inflater) {
        at = end - inflater.getRemaining();
    }

    /** @param how the end of a sentence about the body */
    RefusedException broken(String how) {
        return BrokenBody.of(coding, how);
    }
}
