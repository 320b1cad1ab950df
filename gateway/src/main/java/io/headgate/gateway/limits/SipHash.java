package io.headgate.gateway.limits;

import java.util.random.RandomGenerator;

/**
 * SipHash-2-4 (Aumasson and Bernstein, <i>SipHash: a fast short-input PRF</i>, 2012) of a text's UTF-16 code units, two
 * bytes each, the lower first. Nobody who does not know the key can choose texts that collide. Any thread.
 */
final class SipHash {
    private static final int CHARS_PER_WORD = 4;

    private final long key0;
    private final long key1;

    SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** With a key that {@code random} makes; only a secure one keeps it secret. */
    static SipHash keyedBy(RandomGenerator random) {
        return new SipHash(random.nextLong(), random.nextLong());
    }

    long of(CharSequence text) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        int words = text.length() / CHARS_PER_WORD;
        // Then the rest with the length, then one word of finalization: twice as many rounds.
        for (int i = 0; i <= words + 1; i++) {
            boolean last = i == words + 1;
            long word = last ? 0 : word(text, i, i == words);
            v2 ^= last ? 0xff : 0;
            v3 ^= word;
            for (int round = last ? -2 : 0; round < 2; round++) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= word;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long word(CharSequence text, int index, boolean rest) {
        int from = index * CHARS_PER_WORD;
        int chars = rest ? text.length() - from : CHARS_PER_WORD;
        long word = rest ? (2L * text.length()) << 56 : 0;
        for (int i = 0; i < chars; i++) {
            word |= (long) text.charAt(from + i) << (16 * i);
        }
        return word;
    }
}
