package io.headgate.simulation;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How often each {@link Event} happened. Not thread-safe. */
final class Coverage {
    private final Map<Event, Long> counts = new EnumMap<>(Event.class);

    void saw(Event event) {
        counts.merge(event, 1L, Long::sum);
    }

    boolean has(Event event) {
        return counts.containsKey(event);
    }

    void add(Coverage other) {
        other.counts.forEach((event, count) -> counts.merge(event, count, Long::sum));
    }

    List<Event> missing() {
        return Stream.of(Event.values())
                .filter(event -> !counts.containsKey(event))
                .toList();
    }

    /** A line for each event. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        for (Event event : Event.values()) {
            lines.append(String.format("%12d  %s%n", counts.getOrDefault(event, 0L), event));
        }
        return lines.toString();
    }
}
