package io.headgate.batching;

import io.headgate.model.ManualClock;
import io.headgate.model.RefusedException;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One process of ours over a {@link MemoryLog} and {@link SimulatedTables}, single-threaded, moved by hand. */
final class Rig {
    static final Duration INTERVAL = Duration.ofSeconds(2);
    static final double CORES = 0.2; // for commits
    static final LoggedTable TABLE = table("a");
    static final StreamSettings SETTINGS = new StreamSettings(
            new TableSettings(INTERVAL, 10_000, 100_000),
            Map.of(),
            1 << 20,
            1 << 20,
            Duration.ZERO,
            Duration.ofMillis(100),
            Duration.ofSeconds(30));

    final ManualClock clock = new ManualClock(Instant.EPOCH);
    final MemoryLog log;
    final SimulatedTables.Writer writer;
    final SharedStreams streams;
    final Deque<Runnable> work = new ArrayDeque<>();
    final List<Integer> acked = new ArrayList<>();
    long committedRows;
    long rejectedRows;

    Rig(MemoryLog log, SimulatedTables tables, SimulatedTables.Faults faults, StreamSettings settings) {
        this.log = log;
        this.writer = tables.writer(log.run(), faults);
        this.streams = new SharedStreams(
                log,
                log.recovered(),
                writer,
                settings,
                new Counts(),
                new CommitPace(CORES, Duration.ofSeconds(20), clock::nanoTime, tables::cpuNanos),
                clock::nanoTime,
                new Random(1),
                timer -> {},
                work::add);
        streams.start();
    }

    Rig(SimulatedTables tables) {
        this(new MemoryLog(), tables);
    }

    Rig(MemoryLog log, SimulatedTables tables) {
        this(log, tables, step -> false, SETTINGS);
    }

    static LoggedTable table(String name) {
        return new LoggedTable(new TableId("id-" + name), new TableName("main", "fleet", name), "fleet/" + name);
    }

    TableStream stream(LoggedTable table) {
        var opened = streams.open(table);
        run();
        return opened.join();
    }

    /** Appends one row of the first layout; tells whether it was accepted. */
    boolean append(LoggedTable table, int row) {
        return append(table, row, 0);
    }

    /** Appends one row that was encoded for the given layout of its table; tells whether it was accepted. */
    boolean append(LoggedTable table, int row, int layout) {
        ByteBuffer payload = ByteBuffer.allocate(4).putInt(row).flip();
        try {
            TableStream stream = stream(table);
            LoggedSchema schema = new LoggedSchema(table, String.valueOf(layout));
            stream.append(schema, 1, 0, payload, null, Runnable::run, (position, replayed) -> {
                stream.answered(1);
                acked.add(row);
            });
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }

    void appendForced(LoggedTable table, int row) {
        if (!append(table, row)) {
            throw new AssertionError("refused");
        }
        log.force(Integer.MAX_VALUE);
    }

    /** Runs whatever is due now. */
    void run() {
        streams.tick();
        while (!work.isEmpty()) {
            work.remove().run();
            streams.tick();
        }
    }

    /** Long enough for what is pending to be committed, confirmed and trimmed, if nothing goes wrong. */
    void settle() {
        advance(INTERVAL);
        advance(INTERVAL);
        advance(Duration.ofSeconds(1));
    }

    private void assertNothingIsMissing() {
        for (TableAudit audit : streams.audits()) {
            if (audit.mismatchRows() != 0) {
                throw new AssertionError("Rows do not add up: " + audit);
            }
        }
    }

    void advance(Duration by) {
        clock.advance(by);
        run();
        assertNothingIsMissing();
    }

    private final class Counts implements StreamMetrics {
        @Override
        public void committed(TableName table, long rows, long rejected, long bytes, long nanos, long oldestRowNanos) {
            committedRows += rows;
            rejectedRows += rejected;
        }
    }
}
