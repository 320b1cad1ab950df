package io.headgate.delta;

import io.headgate.delta.DataFileName.Origin;
import io.headgate.model.StreamRange;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a commit of ours says about itself in {@code commitInfo.engineInfo}, behind Kernel's own prefix, so that the
 * commits of a log can be counted against the log, whatever became of the rows since:
 * {@code headgate log=<id> run=<16 hex digits> from=<n> to=<n> attempt=<n> rows=<n> rejected=<n>}. Commits of the first
 * versions lack {@code run}, {@code attempt} and {@code rejected}.
 *
 * @param logId the log that the rows come from
 * @param range which of its positions
 * @param origin which writing of the range this was; empty if the commit does not say
 * @param rows how many rows the commit added
 * @param rejected how many more rows of the range the table could not take, which were put aside
 */
public record CommittedRange(String logId, StreamRange range, Optional<Origin> origin, long rows, long rejected) {
    private static final Pattern SUFFIX = Pattern.compile("(?:.*/)?headgate log=(\\S+)(?: run=([0-9a-f]{16}))?"
            + " from=(\\d{1,19}) to=(\\d{1,19})(?: attempt=(\\d{1,9}))? rows=(\\d{1,19})(?: rejected=(\\d{1,19}))?");

    static CommittedRange of(WrittenFile file) {
        DataFileName name = file.name();
        return new CommittedRange(
                name.logId(), name.range(), Optional.of(name.origin()), file.rowCount(), file.rejectedRows());
    }

    /** Rows that the log has in the range: those that went into the table, and those that could not. */
    public long loggedRows() {
        return rows + rejected;
    }

    /** As in the table's log. */
    public String format() {
        return String.format(
                Locale.ROOT,
                "headgate log=%s%s from=%d to=%d%s rows=%d rejected=%d",
                logId,
                origin.map(by -> " run=" + by.run()).orElse(""),
                range.from(),
                range.to(),
                origin.map(by -> " attempt=" + by.attempt()).orElse(""),
                rows,
                rejected);
    }

    /** Reads an {@code engineInfo}; empty if the commit is not one of ours. */
    public static Optional<CommittedRange> parse(String engineInfo) {
        Matcher matcher = SUFFIX.matcher(engineInfo);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            StreamRange range = new StreamRange(Long.parseLong(matcher.group(3)), Long.parseLong(matcher.group(4)));
            Optional<Origin> origin = matcher.group(2) == null || matcher.group(5) == null
                    ? Optional.empty()
                    : Optional.of(new Origin(matcher.group(2), Integer.parseInt(matcher.group(5))));
            long rejected = matcher.group(7) == null ? 0 : Long.parseLong(matcher.group(7));
            return Optional.of(
                    new CommittedRange(matcher.group(1), range, origin, Long.parseLong(matcher.group(6)), rejected));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // beyond a long, or reversed: not one of ours
        }
    }
}
