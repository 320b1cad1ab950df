package io.headgate.delta;

import io.headgate.model.StreamRange;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a commit of ours says about itself in {@code commitInfo.engineInfo}, behind Kernel's own prefix, so that the
 * commits of a log can be counted against the log, whatever became of the rows since:
 * {@code headgate log=<id> from=<n> to=<n> rows=<n>}.
 *
 * @param logId the log that the rows come from
 * @param range which of its positions
 * @param rows how many rows the commit added
 */
public record CommittedRange(String logId, StreamRange range, long rows) {
    private static final Pattern SUFFIX =
            Pattern.compile("(?:.*/)?headgate log=(\\S+) from=(\\d{1,19}) to=(\\d{1,19}) rows=(\\d{1,19})");

    /** As in the table's log. */
    public String format() {
        return "headgate log=" + logId + " from=" + range.from() + " to=" + range.to() + " rows=" + rows;
    }

    /** Reads an {@code engineInfo}; empty if the commit is not one of ours. */
    public static Optional<CommittedRange> parse(String engineInfo) {
        Matcher matcher = SUFFIX.matcher(engineInfo);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            StreamRange range = new StreamRange(Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)));
            return Optional.of(new CommittedRange(matcher.group(1), range, Long.parseLong(matcher.group(4))));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // beyond a long, or reversed: not one of ours
        }
    }
}
