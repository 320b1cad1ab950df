package io.headgate.gateway.coding;

import io.headgate.model.RefusedException;

/**
 * The outlines of zstd frames (RFC 8878, 3.1), looked at before anything is expanded. What is wrong with them is told in
 * words; and a body that passes takes no more memory to expand than a window of {@link #WINDOW_LOG_MAX}, which libraries
 * reserve on the word of the frame alone.
 */
final class ZstdFrames {
    /** RFC 9659: 8 MiB, the most that HTTP's zstd has. */
    static final int WINDOW_LOG_MAX = 23;

    private static final int MAGIC = 0xFD2FB528;
    private static final int SKIPPABLE_MAGIC = 0x184D2A50;
    private static final int SKIPPABLE_MASK = 0xFFFFFFF0;
    private static final int SINGLE_SEGMENT = 0x20;
    private static final int CHECKED = 0x04;
    private static final int WINDOW_LOG_MIN = 10;
    private static final int REPEATED_BLOCK = 1;
    private static final int BLOCK_HEADER_BYTES = 3;

    private final Input in;

    private ZstdFrames(Input in) {
        this.in = in;
    }

    /** @throws RefusedException INVALID_PARAMETER if the body does not consist of whole frames that can be expanded here */
    static void check(byte[] bytes, int length) {
        ZstdFrames frames = new ZstdFrames(new Input(ContentCoding.ZSTD, bytes, length));
        do {
            frames.frame();
        } while (!frames.in.isAtEnd());
    }

    private void frame() {
        boolean first = in.at() == 0;
        int magic = (int) in.number(Integer.BYTES);
        if (magic == MAGIC) {
            int descriptor = in.next();
            header(descriptor);
            blocks();
            in.skip((descriptor & CHECKED) != 0 ? Integer.BYTES : 0);
        } else if ((magic & SKIPPABLE_MASK) == SKIPPABLE_MAGIC) {
            in.skip(in.number(Integer.BYTES));
        } else {
            throw in.broken(first ? "does not begin with the bytes 28 b5 2f fd" : BrokenBody.GOES_ON);
        }
    }

    private void header(int descriptor) {
        boolean singleSegment = (descriptor & SINGLE_SEGMENT) != 0;
        long window = singleSegment ? 0 : window(in.next());
        long dictionary = in.number(new int[] {0, 1, 2, 4}[descriptor & 3]);
        long content = in.number(new int[] {singleSegment ? 1 : 0, 2, 4, 8}[descriptor >> 6]);
        if (dictionary != 0) {
            throw in.broken(BrokenBody.NEEDS_DICTIONARY);
        }
        if (window > 1L << WINDOW_LOG_MAX
                || (singleSegment && Long.compareUnsigned(content, 1L << WINDOW_LOG_MAX) > 0)) {
            throw in.broken(
                    "needs a window of more than 8 MiB, the most by RFC 9659; compress it at level 19 or below, and"
                            + " not with --long");
        }
    }

    private static long window(int descriptor) {
        long base = 1L << (WINDOW_LOG_MIN + (descriptor >> 3));
        return base + base / 8 * (descriptor & 7);
    }

    private void blocks() {
        boolean last;
        do {
            int header = (int) in.number(BLOCK_HEADER_BYTES);
            last = (header & 1) != 0;
            in.skip(((header >> 1) & 3) == REPEATED_BLOCK ? 1 : header >> 3);
        } while (!last);
    }
}
