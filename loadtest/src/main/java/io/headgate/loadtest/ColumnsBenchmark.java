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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it takes to write typed rows into a Parquet file, columns, statistics and compression, without a disk. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xbatch") // warm soon, however busy the machine is
public class ColumnsBenchmark {
    @Param
    public RecordShape shape = RecordShape.SMALL;

    /** Rows of a file; with one, the file itself is what costs. */
    @Param({"1", "10000"})
    public int rows;

    private ByteBuffer[] payloads = {};
    private List<Column> columns = shape.schema().columns();
    private int bodyBytes;

    /** Makes the rows. */
    @Setup(Level.Trial)
    public void decode() {
        RowDecoder decoder = new RowDecoder(shape.schema(), DecodeLimits.of(1 << 20, 1 << 24));
        columns = shape.schema().columns();
        payloads = new ByteBuffer[rows];
        bodyBytes = 0;
        byte[][] bodies = shape.bodies(rows, 1, RecordShape.Order.COLUMNS);
        for (int row = 0; row < rows; row++) {
            bodyBytes += bodies[row].length;
            payloads[row] = decoder.decode(bodies[row], 0, bodies[row].length, bytes -> true)
                    .payload();
        }
    }

    /** One file. */
    @Benchmark
    public int file(CpuTime cpu) throws IOException {
        MemoryFile file =
                MemoryFile.of(columns, rows, i -> payloads[i].duplicate().order(payloads[i].order()));
        cpu.count(rows, bodyBytes);
        return file.length();
    }
}
