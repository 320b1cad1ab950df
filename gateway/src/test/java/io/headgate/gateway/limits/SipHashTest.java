package io.headgate.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SipHashTest {
    private static final SipHash REFERENCE = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    /** Vectors of the authors' reference implementation, for the bytes 0, 1, 2, ...; ours come in pairs. */
    @Test
    void theReferenceVectors() {
        assertEquals(Long.reverseBytes(0x310e0edd47db6f72L), REFERENCE.of(""));
        assertEquals(Long.reverseBytes(0x5a4fa9d909806c0dL), REFERENCE.of("\u0100"));
        assertEquals(Long.reverseBytes(0xb7877127e09427cfL), REFERENCE.of("\u0100\u0302"));
        assertEquals(Long.reverseBytes(0xcee3fe586e46c9cbL), REFERENCE.of("\u0100\u0302\u0504"));
        assertEquals(Long.reverseBytes(0x6224939a79f5f593L), REFERENCE.of("\u0100\u0302\u0504\u0706"));
    }

    @Test
    void textsThatDifferInOneCharacterOrInLength() {
        assertEquals(
                5,
                Stream.of("pump-17", "pump-18", "pump-1", "pump-1\u0000", "qump-17")
                        .map(REFERENCE::of)
                        .distinct()
                        .count());
    }
}
