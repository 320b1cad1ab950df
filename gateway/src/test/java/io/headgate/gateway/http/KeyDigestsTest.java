package io.headgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.headgate.batching.IdempotencyKey;
import io.headgate.model.TableId;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KeyDigestsTest {
    private final KeyDigests digests = new KeyDigests();

    private IdempotencyKey of(String subject, String table, String key, String body) {
        byte[] bytes = (body + "behind it").getBytes(StandardCharsets.UTF_8);
        return digests.of(subject, new TableId(table), key, bytes, body.length());
    }

    /** Logs and key files hold these: they must not change. */
    @Test
    void theDigestsAreThoseOfTheFormat() {
        // printf '\x07\0\0\0pump-17\x02\0\0\0t1\x01\0\0\0k' | sha256sum; printf '[]' | sha256sum; read little-endian
        assertEquals(
                new IdempotencyKey(0xba316270e179152eL, 0x37acab5ba54e7022L, 0x0caa2b8ca1cd534fL),
                of("pump-17", "t1", "k", "[]"));
    }

    @Test
    void callerTableAndKeyAreAllPartOfTheName() {
        IdempotencyKey name = of("a", "b", "c", "body");
        assertEquals(name, of("a", "b", "c", "body"));
        assertNotEquals(name.high(), of("x", "b", "c", "body").high());
        assertNotEquals(name.high(), of("a", "x", "c", "body").high());
        assertNotEquals(name.high(), of("a", "b", "x", "body").high());
        assertNotEquals(
                of("a", "bb", "c", "body").high(), of("ab", "b", "c", "body").high());
        IdempotencyKey otherBody = of("a", "b", "c", "bodY");
        assertEquals(name.high(), otherBody.high());
        assertEquals(name.low(), otherBody.low());
        assertNotEquals(name.body(), otherBody.body());
    }
}
