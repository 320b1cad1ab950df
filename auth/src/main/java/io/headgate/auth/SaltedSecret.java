package io.headgate.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * What is kept of a client's secret: SHA-256 over a salt and then the secret in UTF-8. A slow hash would add nothing, as
 * secrets are generated and have 256 bits, and would let a fleet that asks for tokens at once burn every core.
 *
 * @param saltHex the salt, 16 to 64 bytes in hexadecimal
 * @param sha256Hex the hash, 32 bytes in hexadecimal
 */
public record SaltedSecret(String saltHex, String sha256Hex) {
    private static final int SALT_BYTES = 16;
    private static final int SALT_BYTES_MAX = 64;
    private static final int HASH_BYTES = 32;

    /** @throws IllegalArgumentException if either is of another form */
    public SaltedSecret {
        if (!isSalt(saltHex) || !isHash(sha256Hex)) {
            throw new IllegalArgumentException("Not the salt and the SHA-256 of a secret in hexadecimal");
        }
        saltHex = saltHex.toLowerCase(Locale.ROOT);
        sha256Hex = sha256Hex.toLowerCase(Locale.ROOT);
    }

    /** Whether {@code hex} is 16 to 64 bytes in hexadecimal. */
    public static boolean isSalt(String hex) {
        return isHex(hex, SALT_BYTES, SALT_BYTES_MAX);
    }

    /** Whether {@code hex} is 32 bytes in hexadecimal. */
    public static boolean isHash(String hex) {
        return isHex(hex, HASH_BYTES, HASH_BYTES);
    }

    private static boolean isHex(String text, int bytesMin, int bytesMax) {
        return text.length() % 2 == 0
                && text.length() >= 2 * bytesMin
                && text.length() <= 2 * bytesMax
                && text.chars().allMatch(HexFormat::isHexDigit);
    }

    /** What to keep of {@code secret}, with a salt of its own. */
    public static SaltedSecret of(String secret, RandomGenerator random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        HexFormat hex = HexFormat.of();
        return new SaltedSecret(hex.formatHex(salt), hex.formatHex(hash(salt, secret)));
    }

    /** Whether this is what is kept of {@code secret}; takes as long whether it is or not. */
    public boolean matches(String secret) {
        HexFormat hex = HexFormat.of();
        return MessageDigest.isEqual(hex.parseHex(sha256Hex), hash(hex.parseHex(saltHex), secret));
    }

    private static byte[] hash(byte[] salt, String secret) {
        MessageDigest sha256 = TokenDigest.sha256();
        sha256.update(salt);
        return sha256.digest(secret.getBytes(StandardCharsets.UTF_8));
    }
}
