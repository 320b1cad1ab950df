package io.headgate.loadtest;

import io.headgate.batching.AckHandler;
import io.headgate.batching.IdempotencyKey;
import io.headgate.batching.IdempotencyWindow;
import io.headgate.batching.RecoveredEntries;
import java.time.Duration;
import java.time.InstantSource;
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

/** The window of idempotency keys, full of them: what a request with a key costs there. Two threads, as event loops. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@Threads(2)
public class KeysBenchmark {
    private static final AckHandler NOBODY = (position, replayed) -> {};
    private static final long SEED = 7;

    /** Keys that the window holds. */
    @Param({"100000", "1000000", "4000000"})
    public int keys;

    private IdempotencyWindow window = window();
    private RecoveredEntries entries = new RecoveredEntries(window);
    private IdempotencyKey[] known = {};

    private static IdempotencyWindow window() {
        return new IdempotencyWindow(
                Duration.ofDays(1), 256L << 20, System::nanoTime, InstantSource.system(), new SplittableRandom(SEED));
    }

    /** Fills the window, and says what that takes. */
    @Setup(Level.Trial)
    public void fill() {
        SplittableRandom random = new SplittableRandom(SEED);
        window = window();
        entries = new RecoveredEntries(window);
        known = new IdempotencyKey[Math.min(keys, 1 << 16)];
        for (int i = 0; i < keys; i++) {
            IdempotencyKey key = key(random);
            entries.key(i, System.currentTimeMillis(), key);
            known[(int) ((long) i * known.length / keys)] = key;
        }
        System.out.println(window.keys() + " keys take " + window.bytes() + " bytes");
    }

    private static IdempotencyKey key(SplittableRandom random) {
        return new IdempotencyKey(random.nextLong(), random.nextLong(), random.nextLong());
    }

    /** One thread's requests. */
    @State(Scope.Thread)
    public static class Requests {
        private final SplittableRandom random = new SplittableRandom(System.nanoTime());

        private IdempotencyKey next() {
            return key(random);
        }
    }

    /** A new request is looked for before it is decoded. */
    @Benchmark
    public boolean lookUpNew(Requests requests) {
        return window.answer(requests.next(), Runnable::run, NOBODY);
    }

    /** A retry is found, and answered. */
    @Benchmark
    public boolean answerRetry(Requests requests) {
        return window.answer(known[requests.random.nextInt(known.length)], Runnable::run, NOBODY);
    }

    /** A new request is durable: its key joins the others. After five million one leaves for each. */
    @Benchmark
    public void addNew(Requests requests) {
        entries.key(0, System.currentTimeMillis(), requests.next());
    }
}
