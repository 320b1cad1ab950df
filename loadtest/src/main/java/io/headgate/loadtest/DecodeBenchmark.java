package io.headgate.loadtest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.headgate.schema.DecodeLimits;
import io.headgate.schema.DecodedRows;
import io.headgate.schema.RowDecoder;
import java.io.IOException;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * JSON to typed rows, beside a bare loop over the tokens of the same bytes. One thread; an operation is a body. What
 * counts is the CPU time that {@link CpuTime} prints.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xbatch") // warm soon, however busy the machine is
public class DecodeBenchmark {
    private static final int BODIES = 256;
    private static final DecodeLimits LIMITS = DecodeLimits.of(1 << 20, 1 << 24);

    @Param
    public RecordShape shape = RecordShape.SMALL;

    @Param
    public RecordShape.Order order = RecordShape.Order.COLUMNS;

    /** A body of one small record is made up of beginning it for a good part. */
    @Param({"1", "50"})
    public int recordsPerBody = 1;

    private byte[][] bodies = {};
    private RowDecoder decoder = new RowDecoder(shape.schema(), LIMITS);
    /** As the decoder's, where that is about speed. */
    private final JsonFactory json = new JsonFactoryBuilder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();

    private int next;

    /** Makes the bodies. */
    @Setup(Level.Trial)
    public void fill() {
        bodies = shape.bodies(BODIES, recordsPerBody, order);
        decoder = new RowDecoder(shape.schema(), LIMITS);
    }

    private byte[] body(CpuTime cpu) {
        byte[] body = bodies[next++ & (BODIES - 1)];
        cpu.count(recordsPerBody, body.length);
        return body;
    }

    /** The bare loop: names are looked up, since there is no other way; values are found the end of, and no more. */
    @Benchmark
    public int tokens(CpuTime cpu) throws IOException {
        int tokens = 0;
        try (JsonParser parser = json.createParser(body(cpu))) {
            while (parser.nextToken() != null) {
                tokens++;
            }
        }
        return tokens;
    }

    /** The same loop, with each value asked for: text as characters, numbers as long or double. */
    @Benchmark
    public void values(CpuTime cpu, Blackhole taken) throws IOException {
        try (JsonParser parser = json.createParser(body(cpu))) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case VALUE_STRING -> taken.consume(parser.getTextCharacters());
                    case VALUE_NUMBER_INT -> taken.consume(parser.getLongValue());
                    case VALUE_NUMBER_FLOAT -> taken.consume(parser.getDoubleValue());
                    default -> taken.consume(token);
                }
            }
        }
    }

    /** Decoding, with all its checks. */
    @Benchmark
    public DecodedRows decode(CpuTime cpu) {
        byte[] body = body(cpu);
        return decoder.decode(body, 0, body.length, bytes -> true);
    }
}
