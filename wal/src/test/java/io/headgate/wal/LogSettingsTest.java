package io.headgate.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogSettingsTest {
    @Test
    void defaults() {
        assertEquals(
                new LogSettings(64 << 20, 8L << 30, 16 << 20, 1 << 20, 2, 4L << 30),
                LogSettings.defaults(),
                "as documented");
    }

    @ParameterizedTest
    @CsvSource({
        "16384,      49152,       256,        4096,     1,  0",
        "16384,      65536,       4096,       4096,     2,  0",
        "1073741824, 20000000000, 268435456,  16777216, 16, 9223372016854775807"
    })
    void limitsAtTheirEdges(
            int segmentBytes, long maxBytes, int maxEntryBytes, int groupBytes, int spares, long parkedBytes) {
        assertEquals(
                spares,
                new LogSettings(segmentBytes, maxBytes, maxEntryBytes, groupBytes, spares, parkedBytes)
                        .spareSegments());
    }

    @Test
    void limitsOfKeys() {
        assertEquals(Duration.ZERO, new KeyRetention(Duration.ZERO, 8192).window());
        assertThrows(IllegalArgumentException.class, () -> new KeyRetention(Duration.ofMillis(-1), 8192));
        assertThrows(IllegalArgumentException.class, () -> new KeyRetention(Duration.ZERO, 8191));
    }

    @ParameterizedTest
    @CsvSource({
        "12288,      1000000,     256,       4096, 1,  0, log.segment-bytes",
        "16385,      1000000,     256,       4096, 1,  0, log.segment-bytes",
        "1073745920, 20000000000, 256,       4096, 1,  0, log.segment-bytes",
        "16384,      1000000,     255,       4096, 1,  0, limits.max-entry-bytes",
        "16384,      1000000,     4097,      4096, 1,  0, limits.max-entry-bytes",
        "16384,      1000000,     256,       4095, 1,  0, group",
        "16384,      1000000,     256,       4096, 0,  0, spare",
        "16384,      1000000,     256,       4096, 17, 0, spare",
        "16384,      49151,       256,       4096, 1,  0, log.max-bytes",
        "16384,      65535,       256,       4096, 2,  0, log.max-bytes",
        "16384,      65536,       256,       4096, 2,  -1, log.parked-bytes",
        "16384,      65536,       256,       4096, 2,  9223372036854710272, log.parked-bytes"
    })
    void beyondTheirEdges(
            int segmentBytes,
            long maxBytes,
            int maxEntryBytes,
            int groupBytes,
            int spares,
            long parkedBytes,
            String named) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new LogSettings(segmentBytes, maxBytes, maxEntryBytes, groupBytes, spares, parkedBytes));
        assertEquals(true, String.valueOf(refused.getMessage()).contains(named), refused.getMessage());
    }
}
