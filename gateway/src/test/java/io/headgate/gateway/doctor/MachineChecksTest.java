package io.headgate.gateway.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.ManualClock;
import io.vertx.core.transport.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JVM, its natives, file handles and the clock. */
class MachineChecksTest {
    private static final Instant BUILT = Instant.parse("2026-11-22T00:00:00Z");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "17.0.15+6, OpenJDK 64-Bit Server VM, OK",
        "21.0.1, OpenJDK 64-Bit Server VM, OK",
        "25, OpenJDK 64-Bit Server VM, OK",
        "26, OpenJDK 64-Bit Server VM, WARN",
        "25-ea+3, OpenJDK 64-Bit Server VM, WARN",
        "21.0.1, Eclipse OpenJ9 VM, WARN",
    })
    void java(String version, String machine, Verdict verdict) {
        Finding finding = new JavaCheck(Runtime.Version.parse(version), "somebody", machine).examine();
        assertEquals(verdict, finding.verdict());
        assertTrue(finding.found().startsWith(version + " of somebody, " + machine), finding::found);
        assertEquals(verdict == Verdict.OK, finding.remedy().isEmpty());
    }

    @Test
    void withoutANativeTransportThereIsNio() {
        assertEquals(Verdict.WARN, new TransportCheck(null).examine().verdict());
        assertEquals(Finding.ok("nio"), new TransportCheck(Transport.NIO).examine());
    }

    @Test
    void theCompressionLibraryLoadsHere() {
        assertEquals(Finding.ok("zstd loads"), new CompressionCheck().examine());
    }

    @Test
    void withoutTheCompressionLibraryNothingCanBeCommitted() {
        CompressionCheck check = new CompressionCheck(() -> {
            throw new UnsatisfiedLinkError("/tmp/libzstd.so: failed to map segment from shared object");
        });
        Finding finding = check.examine();
        assertEquals(Verdict.FAIL, finding.verdict());
        assertTrue(finding.found().contains("failed to map segment"), finding::found);
    }

    @ParameterizedTest
    @CsvSource({"1256, OK", "1255, WARN", "257, WARN", "256, FAIL", "64, FAIL"})
    void fileHandles(long limit, Verdict verdict) {
        Finding finding = new FileHandlesCheck(limit, 1000, 256).examine();
        assertEquals(verdict, finding.verdict());
        assertEquals(verdict != Verdict.OK, finding.remedy().startsWith("Raise the limit to 1256 "), finding::remedy);
    }

    @Test
    void theClockIsAfterTheBuildAndTheLog() throws Exception {
        Files.createFile(directory.resolve("segment"));
        touch(BUILT.plusSeconds(60));
        assertEquals(Verdict.OK, clock(BUILT));
        assertEquals(Verdict.FAIL, clock(BUILT.minusSeconds(1)));
        touch(BUILT.plusSeconds(61));
        assertEquals(Verdict.WARN, clock(BUILT));
        touch(BUILT.plus(Duration.ofDays(1)));
        assertEquals(Verdict.WARN, clock(BUILT));
        touch(BUILT.plus(Duration.ofDays(1)).plusSeconds(1));
        assertEquals(Verdict.FAIL, clock(BUILT));
    }

    @Test
    void withoutALogTheClockIsHeldAgainstTheBuildAlone() throws Exception {
        ClockCheck check = new ClockCheck(new ManualClock(BUILT), Optional.empty(), directory.resolve("none"));
        assertEquals(Finding.ok("2026-11-22T00:00:00Z"), check.examine());
    }

    private void touch(Instant modified) throws Exception {
        Files.setLastModifiedTime(directory.resolve("segment"), FileTime.from(modified));
    }

    private Verdict clock(Instant now) throws Exception {
        return new ClockCheck(new ManualClock(now), Optional.of(BUILT), directory)
                .examine()
                .verdict();
    }
}
