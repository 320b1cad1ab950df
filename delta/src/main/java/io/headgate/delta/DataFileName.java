package io.headgate.delta;

import io.headgate.model.StreamRange;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a data file of ours, which tells whose it is without a look at any log:
 * {@code headgate-<log id>-<from>-<to>-<attempt>-<run>.parquet}, positions with 20 digits so that names sort. The files of
 * a partitioned table, of which one writing of a range makes several, have this name in common and are numbered: {@code
 * ...-<run>-<part>.parquet}.
 *
 * @param logId the log that the rows come from
 * @param range which of its positions
 * @param origin who wrote it, so that nobody who writes the same range again ever meets this file
 */
public record DataFileName(String logId, StreamRange range, Origin origin) {
    /**
     * What tells the writings of one range apart.
     *
     * @param run the process, as {@link io.headgate.batching.LogRun#id} names it
     * @param attempt how often it had written the range before
     */
    public record Origin(String run, int attempt) {}

    private static final Pattern LOG_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern RUN = Pattern.compile("[0-9a-f]{16}");
    private static final String SUFFIX = ".parquet";
    private static final Pattern NAME = Pattern.compile("headgate-(" + LOG_ID + ")-(\\d{20})-(\\d{20})-(\\d{1,9})-("
            + RUN + ")(?:-\\d{5,9})?" + Pattern.quote(SUFFIX));

    /** @throws IllegalArgumentException if no file can be named by such an id */
    static String requireLogId(String logId) {
        if (!LOG_ID.matcher(logId).matches()) {
            throw new IllegalArgumentException("Log id '" + logId + "' is not 1 to 64 of A-Z, a-z, 0-9, '_' and '-'");
        }
        return logId;
    }

    /** @throws IllegalArgumentException if it does not name a run of a log */
    static String requireRun(String run) {
        if (!RUN.matcher(run).matches()) {
            throw new IllegalArgumentException("Run '" + run + "' is not 16 of 0-9 and a-f");
        }
        return run;
    }

    /** What a file's name says, if it is one of ours; whichever part it is. */
    static Optional<DataFileName> parse(String fileName) {
        Matcher matcher = NAME.matcher(fileName);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            StreamRange range = new StreamRange(Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)));
            Origin origin = new Origin(matcher.group(5), Integer.parseInt(matcher.group(4)));
            return Optional.of(new DataFileName(matcher.group(1), range, origin));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // numbers that no file of ours has
        }
    }

    /** The name of one of several files, by its number from 0. */
    String part(int number) {
        return common() + String.format(Locale.ROOT, "-%05d", number) + SUFFIX;
    }

    /** The name of the only file. */
    @Override
    public String toString() {
        return common() + SUFFIX;
    }

    private String common() {
        return String.format(
                Locale.ROOT,
                "headgate-%s-%020d-%020d-%d-%s",
                logId,
                range.from(),
                range.to(),
                origin.attempt(),
                origin.run());
    }
}
