package io.headgate.loadtest;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A histogram as a scrape has it.
 *
 * @param upTo how many values there were so far that are no larger than a bound, by bound; the last one has no end
 */
record Buckets(NavigableMap<Double, Double> upTo) {
    /** The histogram with this name and no labels. */
    static Buckets of(String scrape, String name) {
        String bucket = name + "_bucket{le=\"";
        NavigableMap<Double, Double> upTo = new TreeMap<>();
        scrape.lines().filter(line -> line.startsWith(bucket)).forEach(line -> {
            String[] parts = line.substring(bucket.length()).split("\"} ", 2);
            double bound = parts[0].equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(parts[0]);
            upTo.put(bound, Double.parseDouble(parts[1]));
        });
        return new Buckets(upTo);
    }

    /** What so many of a hundred values are no larger than that came since an earlier look, evenly spread within a bucket. */
    double percentileSince(Buckets before, double percentile) {
        double sought = percentile
                / 100
                * (upTo.lastEntry().getValue() - before.upTo.lastEntry().getValue());
        double below = 0;
        double low = 0;
        for (var bucket : upTo.entrySet()) {
            double came = bucket.getValue() - before.upTo.getOrDefault(bucket.getKey(), 0.0);
            if (came >= sought) {
                return low + (bucket.getKey() - low) * (sought - below) / Math.max(1, came - below);
            }
            below = came;
            low = bucket.getKey();
        }
        return Double.POSITIVE_INFINITY;
    }
}
