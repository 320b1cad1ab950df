package io.headgate.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.model.Seed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenDigestTest {
    /** One thread's buffers grow, and are used for shorter tokens after longer ones. */
    @Test
    void isTheSha256OfWhatFollowsTheScheme() {
        Random random = Seed.forTest("TokenDigestTest").random();
        for (int i = 0; i < 2_000; i++) {
            String token = text(random, random.nextInt(i % 100 == 0 ? 40_000 : 60));
            ByteBuffer hash = ByteBuffer.wrap(TokenDigest.sha256().digest(token.getBytes(StandardCharsets.UTF_8)));
            assertEquals(
                    new TokenDigest(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong()),
                    TokenDigest.of("Bearer " + token, 7));
        }
    }

    /** Mostly what tokens consist of; at times anything, half of a surrogate pair too. */
    private static String text(Random random, int length) {
        boolean plain = random.nextInt(4) > 0;
        return random.ints(length, plain ? '-' : 0, plain ? 'z' : 0x1_0000)
                .collect(StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
                .toString();
    }
}
