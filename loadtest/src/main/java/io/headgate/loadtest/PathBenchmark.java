package io.headgate.loadtest;

import io.headgate.schema.Column;
import io.headgate.schema.DecodeLimits;
import io.headgate.schema.RowDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a record costs from JSON to a Parquet file, with typed rows in the log or with the JSON itself. An operation is a
 * request of one record; {@value #REQUESTS} of them are one commit. One thread, and no disk: the log is an array, the file
 * too. What counts is the CPU time that {@link CpuTime} prints.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xbatch") // warm soon, however busy the machine is
public class PathBenchmark {
    private static final int REQUESTS = 10_000;
    private static final int LOG_BYTES = 64 << 20;
    private static final DecodeLimits LIMITS = DecodeLimits.of(1 << 20, 1 << 24);

    @Param
    public RecordShape shape = RecordShape.SMALL;

    private byte[][] bodies = {};
    private List<Column> columns = shape.schema().columns();
    private RowDecoder decoder = new RowDecoder(shape.schema(), LIMITS);
    private final ByteBuffer log = ByteBuffer.allocate(LOG_BYTES);
    private int bodyBytes;
    private final int[] ends = new int[REQUESTS];

    /** Makes the requests, and says what they take in either log. */
    @Setup(Level.Trial)
    public void fill() {
        bodies = shape.bodies(REQUESTS, 1, RecordShape.Order.COLUMNS);
        columns = shape.schema().columns();
        decoder = new RowDecoder(shape.schema(), LIMITS);
        for (int i = 0; i < REQUESTS; i++) {
            keep(i, ByteBuffer.wrap(bodies[i]));
        }
        bodyBytes = log.position();
        log.clear();
        for (int i = 0; i < REQUESTS; i++) {
            keep(i, decode(bodies[i], 0, bodies[i].length));
        }
        System.out.println(
                shape + ": JSON of " + bodyBytes / REQUESTS + " bytes, rows of " + log.position() / REQUESTS);
        log.clear();
    }

    private ByteBuffer decode(byte[] json, int offset, int length) {
        return decoder.decode(json, offset, length, bytes -> true).payload();
    }

    private void keep(int request, ByteBuffer payload) {
        log.put(payload);
        ends[request] = log.position();
    }

    /** As it is: decoded once, the rows kept and read back. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public int typedRows(CpuTime cpu) throws IOException {
        for (int i = 0; i < REQUESTS; i++) {
            keep(i, decode(bodies[i], 0, bodies[i].length));
        }
        return commit(cpu, (start, end) -> log.slice(start, end - start));
    }

    /** Decoded before the answer, since a refusal must come with it, and again for the commit. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public int json(CpuTime cpu) throws IOException {
        for (int i = 0; i < REQUESTS; i++) {
            decode(bodies[i], 0, bodies[i].length);
            keep(i, ByteBuffer.wrap(bodies[i]));
        }
        return commit(cpu, (start, end) -> decode(log.array(), start, end - start));
    }

    /** Acknowledged unseen: the least that JSON in the log could cost, and no promise. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public int jsonUnchecked(CpuTime cpu) throws IOException {
        for (int i = 0; i < REQUESTS; i++) {
            keep(i, ByteBuffer.wrap(bodies[i]));
        }
        return commit(cpu, (start, end) -> decode(log.array(), start, end - start));
    }

    /** The rows of the entry that lies there in the log. */
    private interface Rows {
        ByteBuffer of(int start, int end);
    }

    private int commit(CpuTime cpu, Rows rows) throws IOException {
        MemoryFile file = MemoryFile.of(columns, REQUESTS, i -> rows.of(i == 0 ? 0 : ends[i - 1], ends[i]));
        cpu.count(REQUESTS, bodyBytes);
        log.clear();
        return file.length();
    }
}
