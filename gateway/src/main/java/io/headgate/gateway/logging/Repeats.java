package io.headgate.gateway.logging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Keeps what repeats from filling the log. Time is cut into windows; in each, the first few of a kind pass and the rest
 * are counted. Only so many kinds pass in one window; later ones are counted under a coarser kind, of which there are
 * few. So neither the lines of a window nor the memory grow with how much there is to say. Any thread.
 *
 * @param <K> the kind; compared by equals
 */
final class Repeats<K> {
    /** How many of a kind did not pass in a window that is over. */
    record LeftOut<K>(K kind, long count) {}

    private static final class Count {
        private int passed;
        private long leftOut;
    }

    private final int perKind;
    private final int kindsMax;
    private final long windowNanos;
    private final UnaryOperator<K> coarser;
    private final LongSupplier nanoTime;
    private final Map<K, Count> counts = new HashMap<>();
    private final Map<K, Long> beyond = new HashMap<>();
    private long startedNanos;

    /**
     * @param perKind how many of a kind pass in a window
     * @param kindsMax of how many kinds any pass in a window
     * @param coarser what those of further kinds count as; must lead to few
     */
    Repeats(int perKind, int kindsMax, Duration window, UnaryOperator<K> coarser, LongSupplier nanoTime) {
        this.perKind = perKind;
        this.kindsMax = kindsMax;
        this.windowNanos = window.toNanos();
        this.coarser = coarser;
        this.nanoTime = nanoTime;
        this.startedNanos = nanoTime.getAsLong();
    }

    /** Whether one more of this kind passes; if not, it was counted. */
    synchronized boolean passes(K kind) {
        Count count = counts.get(kind);
        if (count == null) {
            if (counts.size() >= kindsMax) {
                beyond.merge(coarser.apply(kind), 1L, Long::sum);
                return false;
            }
            count = new Count();
            counts.put(kind, count);
        }
        if (count.passed < perKind) {
            count.passed++;
            return true;
        }
        count.leftOut++;
        return false;
    }

    /** What was left out in the window that is over; empty while it is not. A new one begins. */
    synchronized List<LeftOut<K>> due() {
        return nanoTime.getAsLong() - startedNanos < windowNanos ? List.of() : all();
    }

    /** What was left out since the window began, over or not. A new one begins. */
    synchronized List<LeftOut<K>> all() {
        startedNanos = nanoTime.getAsLong();
        List<LeftOut<K>> all = new ArrayList<>();
        counts.forEach((kind, count) -> {
            if (count.leftOut > 0) {
                all.add(new LeftOut<>(kind, count.leftOut));
            }
        });
        beyond.forEach((kind, count) -> all.add(new LeftOut<>(kind, count)));
        counts.clear();
        beyond.clear();
        return all;
    }
}
