package io.headgate.auth;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The SHA-256 of a token: what stands for it in memory, so that a heap dump holds no credentials. */
record TokenDigest(long first, long second, long third, long fourth) {
    private static final ThreadLocal<Hasher> HASHER = ThreadLocal.withInitial(Hasher::new);

    /** Of the token in a header, blanks around it included, which begins at an index. */
    static TokenDigest of(String header, int from) {
        return HASHER.get().digest(header, from);
    }

    /**
     * Hashes without leaving copies behind, which for a token of 900 characters would be a seventh of all that a request
     * allocates. Of one thread.
     */
    private static final class Hasher {
        private final MessageDigest sha256 = sha256();
        private final CharsetEncoder utf8 = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private CharBuffer chars = CharBuffer.allocate(0);
        private ByteBuffer bytes = ByteBuffer.allocate(0);

        TokenDigest digest(String header, int from) {
            int length = header.length() - from;
            if (chars.capacity() < length) {
                chars = CharBuffer.allocate(2 * length);
                bytes = ByteBuffer.allocate((int) (2 * length * utf8.maxBytesPerChar()));
            }
            header.getChars(from, header.length(), chars.array(), 0);
            utf8.reset().encode(chars.clear().limit(length), bytes.clear(), true);
            sha256.update(bytes.flip());
            // The token itself is not to stay here.
            Arrays.fill(chars.array(), 0, length, ' ');
            Arrays.fill(bytes.array(), 0, bytes.limit(), (byte) 0);
            ByteBuffer hash = ByteBuffer.wrap(sha256.digest());
            return new TokenDigest(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM must have SHA-256", e);
        }
    }
}
