package io.headgate.delta.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ParquetSettingsTest {
    private static final int MIB = 1 << 20;

    @Test
    void limitsHoldTheirEdgesIncluded() {
        settings(1024, 1024, 0, 1, -1);
        settings(1024L * MIB, 1024 * MIB, 16 * MIB, 19, Integer.MAX_VALUE);
        assertRefused("rowGroupBytes is 1023: it must be 1024 to 1073741824", 1023, 1023, 0, 1, 0);
        assertRefused("rowGroupBytes is 1073741825: it must be 1024 to 1073741824", 1024L * MIB + 1, 1024, 0, 1, 0);
        assertRefused("pageBytes is 1023: it must be 1024 to 2048", 2048, 1023, 0, 1, 0);
        assertRefused("pageBytes is 2049: it must be 1024 to 2048", 2048, 2049, 0, 1, 0);
        assertRefused("dictionaryPageBytes is -1: it must be 0 to 16777216", MIB, MIB, -1, 1, 0);
        assertRefused("dictionaryPageBytes is 16777217: it must be 0 to 16777216", MIB, MIB, 16 * MIB + 1, 1, 0);
        assertRefused("zstdLevel is 0: it must be 1 to 19", MIB, MIB, 0, 0, 0);
        assertRefused("zstdLevel is 20: it must be 1 to 19", MIB, MIB, 0, 20, 0);
        assertRefused("indexedColumns is -2: it must be -1 to 2147483647", MIB, MIB, 0, 1, -2);
    }

    private static void assertRefused(
            String message, long rowGroupBytes, int pageBytes, int dictionaryPageBytes, int zstdLevel, int columns) {
        IllegalArgumentException thrown = assertThrows(
                IllegalArgumentException.class,
                () -> settings(rowGroupBytes, pageBytes, dictionaryPageBytes, zstdLevel, columns));
        assertEquals(message, thrown.getMessage());
    }

    private static ParquetSettings settings(
            long rowGroupBytes, int pageBytes, int dictionaryPageBytes, int zstdLevel, int columns) {
        return new ParquetSettings(rowGroupBytes, pageBytes, dictionaryPageBytes, zstdLevel, columns, "Test version 1");
    }
}
