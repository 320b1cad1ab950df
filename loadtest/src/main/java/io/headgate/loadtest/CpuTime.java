package io.headgate.loadtest;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a benchmark's thread takes of a core, printed after each iteration: on a machine that others use too, the time on
 * the clock is theirs for a part. Garbage collection is other threads'.
 */
@State(Scope.Thread)
public class CpuTime {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private long start;
    private long records;
    private long bytes;

    void count(int moreRecords, int moreBytes) {
        records += moreRecords;
        bytes += moreBytes;
    }

    /** Begins an iteration. */
    @Setup(Level.Iteration)
    public void begin() {
        records = 0;
        bytes = 0;
        start = THREADS.getCurrentThreadCpuTime();
    }

    /** Says what it took. */
    @TearDown(Level.Iteration)
    public void print() {
        double nanos = THREADS.getCurrentThreadCpuTime() - start;
        System.out.printf(
                Locale.ROOT, "%.0f ns of CPU a record, %.0f MB/s per core; ", nanos / records, bytes * 1_000.0 / nanos);
    }
}
