package io.headgate.gateway.verify;

import java.util.Arrays;
import java.util.List;

/** Counts a table's rows in the log, span by span. Positions come in ascending order, as a rule. */
final class SpanCounts {
    private final List<Span> spans;
    private final long[] rows;
    private int last;

    /** @param spans disjoint, in ascending order */
    SpanCounts(List<Span> spans) {
        this.spans = List.copyOf(spans);
        this.rows = new long[spans.size()];
    }

    /** The log begins anew, further on. */
    void clear() {
        Arrays.fill(rows, 0);
        last = 0;
    }

    void add(long position, long count) {
        while (last < rows.length && spans.get(last).range().to() <= position) {
            last++;
        }
        if (last < rows.length && spans.get(last).range().contains(position)) {
            rows[last] += count;
        }
    }

    /** Takes a span and how many rows of it the log has. */
    @FunctionalInterface
    interface Consumer {
        void accept(Span span, long counted);
    }

    void forEach(Consumer consumer) {
        for (int i = 0; i < rows.length; i++) {
            consumer.accept(spans.get(i), rows[i]);
        }
    }

    /** Rows in all spans. */
    long total() {
        return Arrays.stream(rows).sum();
    }
}
