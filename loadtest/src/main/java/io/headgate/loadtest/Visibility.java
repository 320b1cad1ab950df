package io.headgate.loadtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * How long rows took from their ack to their table, as somebody who reads the table sees it: its commits tell how many rows
 * each brought, and their files' times when. Rows are taken to come into the table in the order of their acks, and acks to be
 * spread evenly over the second in which they were counted.
 */
final class Visibility {
    private static final Pattern RECORDS = Pattern.compile("numRecords\\\\\":(\\d+)");
    private static final int DIGITS = 3;
    private static final int SECOND_MILLIS = 1_000;

    private final Histogram millis = new Histogram(DIGITS);

    private Visibility() {}

    /**
     * @param table directory of a table of which every row that was acked is in a commit
     * @param acks how many rows were acked in the second that ended at a time in milliseconds since the epoch, the last of
     *     them the last that the table got
     */
    static Visibility of(Path table, NavigableMap<Long, Integer> acks) throws IOException {
        TreeMap<Long, Integer> commits = new TreeMap<>();
        try (Stream<Path> files = Files.list(table.resolve("_delta_log"))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".json")).toList()) {
                commits.merge(Files.getLastModifiedTime(file).toMillis(), rows(file), Integer::sum);
            }
        }
        Visibility visibility = new Visibility();
        visibility.count(commits, acks);
        return visibility;
    }

    private static int rows(Path commit) throws IOException {
        Matcher records = RECORDS.matcher(Files.readString(commit));
        int rows = 0;
        while (records.find()) {
            rows += Integer.parseInt(records.group(1));
        }
        return rows;
    }

    /** From the last row backwards, as nobody knows how many came before these acks. */
    private void count(NavigableMap<Long, Integer> commits, NavigableMap<Long, Integer> acks) {
        var commit = commits.lastEntry();
        int left = commit.getValue();
        for (var second : acks.descendingMap().entrySet()) {
            for (int row = 0; row < second.getValue(); row++) {
                while (left == 0) {
                    commit = commits.lowerEntry(commit.getKey());
                    left = commit.getValue();
                }
                left--;
                long acked = second.getKey() - (long) row * SECOND_MILLIS / second.getValue();
                millis.recordValue(Math.max(0, commit.getKey() - acked));
            }
        }
    }

    /** Seconds from ack to table of so many of a hundred rows. */
    double seconds(double percentile) {
        return millis.getValueAtPercentile(percentile) / 1e3;
    }

    /** The acks of an {@link OpenLoop}. */
    static NavigableMap<Long, Integer> acks(List<String> csv) {
        TreeMap<Long, Integer> acks = new TreeMap<>();
        int ended = Plot.names(csv).indexOf("epoch_ms");
        int ok = Plot.names(csv).indexOf("ok");
        for (double[] second : Plot.rows(csv)) {
            acks.put((long) second[ended], (int) second[ok]);
        }
        return acks;
    }
}
