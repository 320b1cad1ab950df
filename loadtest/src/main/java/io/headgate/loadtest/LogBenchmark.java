package io.headgate.loadtest;

import io.headgate.batching.Append;
import io.headgate.batching.LoggedSchema;
import io.headgate.batching.LoggedTable;
import io.headgate.batching.StreamLog;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import io.headgate.wal.LocalDisk;
import io.headgate.wal.LocalLog;
import io.headgate.wal.LogMetrics;
import io.headgate.wal.LogSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a request costs in the log, from the offer to the hand-back of its group, which is written and forced: on this machine's
 * disk, where temporary files are. One thread does it all; what it waits for the disk is no CPU time.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LogBenchmark {
    private static final int PAYLOAD_BYTES = 122; // as one row of 200 B in JSON has
    private static final long SEED = 7;

    /** Requests that one force is shared by. */
    @Param({"1", "16", "256"})
    public int requestsPerGroup;

    private final LoggedSchema schema = new LoggedSchema(
            new LoggedTable(new TableId("7"), new TableName("main", "fleet", "telemetry"), "telemetry"), "{}");
    private final ByteBuffer payload = ByteBuffer.allocate(PAYLOAD_BYTES);
    private @Nullable TemporaryDirectory directory;
    private @Nullable LocalLog log;

    private static final class Request extends Append {
        Request(LoggedSchema schema, ByteBuffer payload) {
            super(schema, 1, 0, List.of(), payload.duplicate());
        }
    }

    /** Begins a log. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        TemporaryDirectory created = TemporaryDirectory.create("headgate-log");
        directory = created;
        LocalLog opened = LocalLog.openStepwise(
                LocalDisk.at(created.path()),
                LogSettings.defaults(),
                LogMetrics.none(),
                new SplittableRandom(SEED),
                InstantSource.system(),
                System::nanoTime,
                entry -> {},
                cause -> {
                    throw new IllegalStateException(cause);
                });
        opened.start(group -> {});
        log = opened;
        prepare(opened);
    }

    private static void prepare(LocalLog log) {
        boolean more = true;
        while (more) {
            more = log.stepPreallocator();
        }
    }

    /** Deletes the log. */
    @TearDown(Level.Trial)
    public void delete() throws IOException {
        Objects.requireNonNull(log).close();
        Objects.requireNonNull(directory).close();
    }

    /** One group. */
    @Benchmark
    public long group(CpuTime cpu) {
        LocalLog to = Objects.requireNonNull(log);
        for (int i = 0; i < requestsPerGroup; i++) {
            if (to.offer(new Request(schema, payload)) != StreamLog.Offer.ACCEPTED) {
                throw new IllegalStateException("The log takes nothing");
            }
        }
        to.stepWriter();
        to.trim(to.forcedPosition());
        to.stepPreallocator();
        cpu.count(requestsPerGroup, requestsPerGroup * PAYLOAD_BYTES);
        return to.forcedPosition();
    }
}
