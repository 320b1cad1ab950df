package io.headgate.gateway.http;

import io.headgate.batching.IdempotencyKey;
import io.headgate.model.TableId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Makes the names that requests have across their retries: SHA-256 (FIPS 180-4) of caller, table and key, each with its
 * length in front so that no two triples read alike, cut to 128 bits; and of the body, cut to 64. One thread.
 */
final class KeyDigests {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final MessageDigest sha256;

    KeyDigests() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /**
     * The name of a request.
     *
     * @param subject who calls
     * @param bytes holds the body as received, from index 0
     * @param length of the body
     */
    IdempotencyKey of(String subject, TableId table, String key, byte[] bytes, int length) {
        add(subject);
        add(table.value());
        add(key);
        byte[] name = sha256.digest();
        sha256.update(bytes, 0, length);
        byte[] body = sha256.digest();
        return new IdempotencyKey(longAt(name, 0), longAt(name, Long.BYTES), longAt(body, 0));
    }

    private void add(String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            sha256.update((byte) (bytes.length >>> shift));
        }
        sha256.update(bytes);
    }

    private static long longAt(byte[] bytes, int index) {
        return (long) LONGS.get(bytes, index);
    }
}
