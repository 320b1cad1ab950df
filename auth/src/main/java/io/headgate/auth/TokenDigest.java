package io.headgate.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of a token: what stands for it in memory, so that a heap dump holds no credentials. */
record TokenDigest(long first, long second, long third, long fourth) {
    // Looking one up by name takes a quarter of what hashing a token does.
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(TokenDigest::sha256);

    /** Of the token in a header, blanks around it included, which begins behind {@code schemeBytes} of ASCII. */
    static TokenDigest of(String header, int schemeBytes) {
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        MessageDigest sha256 = SHA_256.get();
        sha256.update(bytes, schemeBytes, bytes.length - schemeBytes);
        ByteBuffer hash = ByteBuffer.wrap(sha256.digest());
        return new TokenDigest(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM must have SHA-256", e);
        }
    }
}
