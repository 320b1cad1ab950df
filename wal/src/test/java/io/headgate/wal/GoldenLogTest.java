package io.headgate.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs that were once written are read for ever: {@link GoldenLog} made them, and wrote down what is in them. */
class GoldenLogTest {
    @ParameterizedTest
    @ValueSource(strings = {"1", "1-keys"})
    void whatIsReadIsWhatWasWrittenDown(String version) throws IOException, URISyntaxException {
        URL resource = Objects.requireNonNull(GoldenLogTest.class.getResource("/golden/" + version));
        Path directory = Path.of(resource.toURI());
        List<String> expected = Files.readAllLines(directory.resolve(GoldenLog.CONTENTS));
        for (EntryKind kind : EntryKind.values()) {
            boolean found = expected.stream().anyMatch(line -> line.startsWith("found " + kind + " "));
            assertEquals(kind != EntryKind.UNKNOWN, found, kind + " is among it");
        }
        assertTrue(expected.stream().anyMatch(line -> line.contains(".parked")), "and a parked file");
        boolean hasKeys = expected.stream().anyMatch(line -> line.startsWith("key of "));
        assertEquals(version.endsWith("keys"), hasKeys, "and a key file where they were known");
        SimulatedDisk disk = diskOf(directory);
        assertEquals(List.of(), LogScan.run(disk, entry -> true).damage());
        assertEquals(expected, GoldenLog.contents(disk));
    }

    private static SimulatedDisk diskOf(Path directory) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new Random(3), 1_000_000);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                try (DiskFile copy = disk.create(String.valueOf(file.getFileName()))) {
                    copy.write(ByteBuffer.wrap(Files.readAllBytes(file)), 0);
                    copy.force();
                }
            }
        }
        disk.forceDirectory();
        return disk;
    }
}
