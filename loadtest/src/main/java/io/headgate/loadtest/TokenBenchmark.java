package io.headgate.loadtest;

import io.headgate.auth.Authenticator;
import io.headgate.auth.Issuer;
import io.headgate.auth.Principal;
import io.headgate.model.TableName;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it takes to know a caller by a token, ours, of ES256: one that was seen before, and one that was not. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TokenBenchmark {
    private static final Authenticator.Settings REMEMBERS =
            new Authenticator.Settings(Duration.ofSeconds(30), 100_000, 10_000, Duration.ofSeconds(10));
    private static final Authenticator.Settings FORGETS =
            new Authenticator.Settings(Duration.ofSeconds(30), 0, 10_000, Duration.ofSeconds(10));

    /** Tables that the token grants: with 16 it has some 3.6 KB. */
    @Param({"1", "16"})
    public int tables;

    private @Nullable Authenticator remembering;
    private @Nullable Authenticator forgetting;
    private String header = "";

    /** Issues the token. */
    @Setup(Level.Trial)
    public void issue() throws IOException {
        Issuer issuer;
        try (TemporaryDirectory keys = TemporaryDirectory.create("headgate-token")) {
            issuer = Issuer.openOrCreate(keys.path().resolve("issuer.jwk"), "headgate", InstantSource.system());
        }
        List<TableName> granted = IntStream.range(0, tables)
                .mapToObj(table -> new TableName("main", "fleet", "telemetry_" + table))
                .toList();
        header = "Bearer " + issuer.mint("device-0000001", granted, Duration.ofHours(1));
        remembering = authenticator(issuer, REMEMBERS);
        forgetting = authenticator(issuer, FORGETS);
        System.out.println("a header of " + header.length() + " bytes");
    }

    private static Authenticator authenticator(Issuer issuer, Authenticator.Settings settings) {
        return new Authenticator(issuer, settings, InstantSource.system(), System::nanoTime);
    }

    /** What nearly each request does. */
    @Benchmark
    public Principal seenBefore(CpuTime cpu) {
        cpu.count(1, header.length());
        return Objects.requireNonNull(remembering).authenticate(header);
    }

    /** The first request of a device. */
    @Benchmark
    public Principal neverSeen(CpuTime cpu) {
        cpu.count(1, header.length());
        return Objects.requireNonNull(forgetting).authenticate(header);
    }
}
