package io.headgate.gateway.http;

import io.headgate.model.TableId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.OptionalLong;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/**
 * Seals positions of the log, so that only the caller who was given one can ask with it. What is sealed is one block of
 * 16 bytes: the position, and the first 8 bytes of SHA-256 over log, table and subject, each with its length before it.
 * AES-128 turns it into a block that tells nothing, and whatever was not sealed under the key opens to another check, but
 * for one in 2^64. The same position always seals to the same text. Under 1 µs; one thread.
 */
final class Receipts {
    /** Length of a sealed position: a block in base64url (RFC 4648, 5) without padding. */
    static final int SEALED_CHARS = 22;

    private static final int BLOCK_BYTES = 16;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final byte[] logId;
    private final Cipher sealing;
    private final Cipher opening;
    private final MessageDigest sha256;
    private final byte[] block = new byte[BLOCK_BYTES];
    private final ByteBuffer fields = ByteBuffer.wrap(block);
    private final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);

    /**
     * @param key for AES, of 16 bytes
     * @param logId whose positions these are
     */
    Receipts(SecretKey key, String logId) {
        this.logId = logId.getBytes(StandardCharsets.UTF_8);
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
            sealing = cipher(Cipher.ENCRYPT_MODE, key);
            opening = cipher(Cipher.DECRYPT_MODE, key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has AES and SHA-256", e);
        }
    }

    /** One block alone: there is no second one that could show to be the same, which is what ECB gives away. */
    @SuppressWarnings("InsecureCryptoUsage")
    private static Cipher cipher(int mode, SecretKey key) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
        cipher.init(mode, key);
        return cipher;
    }

    /** Seals a position of one of the subject's requests; {@link #SEALED_CHARS} long. */
    String seal(long position, TableId table, String subject) {
        fields.putLong(0, position).putLong(Long.BYTES, check(table, subject));
        return BASE64.encodeToString(run(sealing, block));
    }

    /** The position; empty unless {@link #seal} made this text for this table and subject. */
    OptionalLong open(String sealed, TableId table, String subject) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(sealed);
        } catch (IllegalArgumentException e) {
            return OptionalLong.empty();
        }
        if (bytes.length != BLOCK_BYTES || !BASE64.encodeToString(bytes).equals(sealed)) { // or two texts would be one
            return OptionalLong.empty();
        }
        ByteBuffer opened = ByteBuffer.wrap(run(opening, bytes));
        long position = opened.getLong();
        return opened.getLong() == check(table, subject) && position >= 0
                ? OptionalLong.of(position)
                : OptionalLong.empty();
    }

    private static byte[] run(Cipher cipher, byte[] in) {
        try {
            return cipher.doFinal(in);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A block is a block", e);
        }
    }

    private long check(TableId table, String subject) {
        digest(logId);
        digest(table.value().getBytes(StandardCharsets.UTF_8));
        digest(subject.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(sha256.digest()).getLong();
    }

    private void digest(byte[] field) {
        sha256.update(length.putInt(0, field.length).array());
        sha256.update(field);
    }
}
