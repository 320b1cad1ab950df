package io.headgate.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** What happened, in order: the last steps in words, all of them as one number. */
final class Trace {
    private static final int KEPT = 150;
    private static final int LINE_MAX = 240;

    private final Deque<String> last = new ArrayDeque<>();
    private final LongSupplier nanoTime;
    private long steps;
    private long hash;

    Trace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void step(String what) {
        String line = steps++ + "  " + nanoTime.getAsLong() / 1_000_000 + " ms  " + what;
        hash = hash * 0x9E37_79B9_7F4A_7C15L + line.hashCode();
        last.add(line.length() > LINE_MAX ? line.substring(0, LINE_MAX) : line);
        if (last.size() > KEPT) {
            last.remove();
        }
    }

    /** Something too frequent to be told, which counts all the same. */
    void detail(String what) {
        hash = hash * 31 + what.hashCode();
    }

    /** The same for two runs that did the same. */
    long hash() {
        return hash;
    }

    @Override
    public String toString() {
        return String.join("\n", last);
    }
}
