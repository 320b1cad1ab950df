package io.headgate.gateway.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.gateway.cli.GatewayData;
import io.headgate.gateway.clock.ClockRule;
import io.headgate.model.ManualClock;
import io.headgate.model.TableName;
import io.vertx.core.transport.Transport;
import java.nio.file.Path;
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

    @ParameterizedTest
    @CsvSource({"PT1M, OK", "PT61S, WARN", "PT24H, WARN", "PT86401S, FAIL"})
    void theClockIsHeldAgainstTheNewestEntryOfTheLog(Duration behind, Verdict verdict) throws Exception {
        try (GatewayData data = new GatewayData(directory)) {
            TableName table = data.create("main.fleet.telemetry");
            data.accept(table, 1, 1, BUILT.plus(behind));
            data.accept(table, 1, 1, BUILT);
            assertEquals(verdict, clock(BUILT, Optional.empty()).verdict());
            assertEquals(Verdict.OK, clock(BUILT, Optional.of(BUILT)).verdict(), "it is said to have been ahead");
        }
    }

    @Test
    void withoutALogTheClockIsHeldAgainstTheBuildAlone() throws Exception {
        assertEquals(Finding.ok("2026-11-22T00:00:00Z"), clock(BUILT, Optional.empty()));
        assertEquals(Verdict.FAIL, clock(BUILT.minusMillis(1), Optional.empty()).verdict());
    }

    private Finding clock(Instant now, Optional<Instant> ignoreAfter) throws Exception {
        return new ClockCheck(
                        new ManualClock(now), new ClockRule(Optional.of(BUILT), ignoreAfter), directory.resolve("log"))
                .examine();
    }
}
