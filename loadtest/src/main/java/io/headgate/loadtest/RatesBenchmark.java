package io.headgate.loadtest;

import io.headgate.gateway.limits.Admittance;
import io.headgate.gateway.limits.Quota;
import io.headgate.gateway.limits.RateLimits;
import io.headgate.gateway.limits.RateSettings;
import io.headgate.gateway.limits.Rates;
import io.headgate.model.TableName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs a request to be counted against the rates, where so many subjects are told apart. Two threads, as event loops. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@Threads(2)
public class RatesBenchmark {
    private static final TableName TABLE = new TableName("main", "fleet", "telemetry");
    private static final Duration WINDOW = Duration.ofHours(1);
    private static final int SUBJECTS_NAMED = 1 << 16;
    private static final long BODY_BYTES = 200;

    /** Subjects that have used some of their quota. */
    @Param({"1000", "1000000"})
    public int subjects;

    private RateLimits generous = limits(1, Long.MAX_VALUE >> 20);
    private RateLimits exhausted = limits(1, 1);
    private String[] names = {};

    private static RateLimits limits(int subjects, long units) {
        Rates rates = new Rates(Optional.of(new Quota(units, WINDOW)), Optional.of(new Quota(units, WINDOW)));
        return new RateLimits(
                new RateSettings(rates, Rates.UNBOUNDED, Rates.UNBOUNDED, Map.of(), subjects),
                System::nanoTime,
                new SplittableRandom(1));
    }

    /** Has each subject send, and says what all of them take. */
    @Setup(Level.Trial)
    public void fill() {
        names = new String[Math.min(subjects, SUBJECTS_NAMED)];
        long before = usedBytes();
        generous = limits(subjects, 1L << 40);
        System.out.println(subjects + " subjects take " + (usedBytes() - before) + " bytes");
        exhausted = limits(subjects, 1);
        for (int i = 0; i < subjects; i++) {
            String name = "device-" + i;
            names[(int) ((long) i * names.length / subjects)] = name;
            generous.admit(name, TABLE, BODY_BYTES);
            exhausted.admit(name, TABLE, BODY_BYTES);
        }
        System.out.println(generous.shared() + " of them found no place of their own");
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** One thread's requests. */
    @State(Scope.Thread)
    public static class Requests {
        private final SplittableRandom random = new SplittableRandom(System.nanoTime());
    }

    private String anyName(Requests requests) {
        return names[requests.random.nextInt(names.length)];
    }

    /** A request that has quota left. */
    @Benchmark
    public Admittance admitted(Requests requests) {
        return generous.admit(anyName(requests), TABLE, BODY_BYTES);
    }

    /** A request that has none, with the message that tells its sender so. */
    @Benchmark
    public Admittance refused(Requests requests) {
        return exhausted.admit(anyName(requests), TABLE, BODY_BYTES);
    }
}
