package io.headgate.gateway.verify;

import io.headgate.delta.CommittedRange;
import io.headgate.delta.TableCommit;
import io.headgate.delta.TableCommit.Transaction;
import io.headgate.model.StreamRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What one log committed to one table, commit by commit from the newest to the oldest. Each range must end where the
 * next one begins, each commit must add as many rows as it says, and its transaction must name its end.
 */
final class RangeChain {
    /** A thoroughly broken table needs no more than this to be told. */
    private static final int FINDINGS_MAX = 20;

    private final boolean forgetsTransactions;
    private final long keptFrom;
    private final Deque<Span> spans = new ArrayDeque<>();
    private final List<Finding> findings = new ArrayList<>();
    private long end = -1;
    private long from = Long.MAX_VALUE;
    private long fromVersion;
    private long commits;
    private long rows;
    private long newestVersion;
    private long rejected;
    private final CommittedTotals totals = new CommittedTotals();
    private final Map<String, TableCommit> newestOfRun = new LinkedHashMap<>();

    /**
     * @param forgetsTransactions whether a gap may come from a transaction that the table forgot
     * @param keptFrom the first position that the log still has; {@code Long.MAX_VALUE} if it is not at hand
     */
    RangeChain(boolean forgetsTransactions, long keptFrom) {
        this.forgetsTransactions = forgetsTransactions;
        this.keptFrom = keptFrom;
    }

    void add(TableCommit commit, CommittedRange range) {
        checkSelf(commit, range);
        if (commits == 0) {
            end = range.range().to();
            newestVersion = commit.version();
            follow(commit, range);
        } else if (range.range().to() > from) {
            overlap(commit, range.range());
        } else {
            if (range.range().to() < from) {
                gap(new StreamRange(range.range().to(), from), commit.version());
            }
            follow(commit, range);
        }
        commits++;
        rows += range.rows();
        rejected += range.rejected();
        totals.add(range.range().to(), range.loggedRows());
        range.origin().ifPresent(origin -> newestOfRun.putIfAbsent(origin.run(), commit));
    }

    private void checkSelf(TableCommit commit, CommittedRange range) {
        long transaction = commit.transaction().map(Transaction::version).orElse(-1L);
        if (transaction != range.range().to()) {
            report(Finding.broken("version " + commit.version() + " says that it adds positions " + text(range.range())
                    + ", but its transaction says " + transaction));
        }
        OptionalLong added = commit.addedRows();
        if (added.isEmpty()) {
            report(Finding.untold("version " + commit.version() + " does not say how many rows its files have"));
        } else if (added.getAsLong() != range.rows()) {
            report(Finding.broken("version " + commit.version() + " says that it adds " + range.rows()
                    + " rows, but its files have " + added.getAsLong()));
        }
    }

    private void follow(TableCommit commit, CommittedRange range) {
        from = range.range().from();
        fromVersion = commit.version();
        keep(new Span(Span.Kind.COMMITTED, range.range(), range.loggedRows(), commit.version()));
    }

    private void overlap(TableCommit commit, StreamRange older) {
        report(Finding.broken("positions from " + Math.max(from, older.from()) + " on are in the table twice: version "
                + fromVersion + " begins at " + from + ", and version " + commit.version() + " before it has positions "
                + text(older)));
        from = Math.min(from, older.from());
    }

    private void gap(StreamRange missing, long version) {
        if (missing.to() > keptFrom) {
            keep(new Span(Span.Kind.LEFT_OUT, missing, 0, fromVersion)); // the log will tell
        } else {
            report(gapUntold(missing, fromVersion, version));
        }
    }

    /** What a gap means that the log does not reach back to. */
    private Finding gapUntold(StreamRange missing, long version, long before) {
        String text = "positions " + text(missing) + " are in no commit: version " + version
                + " does not begin where version " + before + " ended";
        return forgetsTransactions
                ? Finding.untold(text + "; the table forgets transactions, so there may have been none of its rows")
                : Finding.broken(text);
    }

    /** What a gap means where the log has only part of it, and none of the table's rows there. */
    Finding gapUntold(Span span) {
        return forgetsTransactions
                ? Finding.untold("positions " + text(span.range()) + " are in no commit, and the log no longer has all"
                        + " of them")
                : Finding.broken("positions " + text(span.range()) + " are in no commit before version "
                        + span.version() + ", and the log no longer has all of them");
    }

    private void keep(Span span) {
        if (span.range().to() > keptFrom) {
            spans.addFirst(span);
        }
    }

    private void report(Finding finding) {
        if (findings.size() < FINDINGS_MAX) {
            findings.add(finding);
        }
    }

    /** What the log can be held against, in ascending order. */
    List<Span> spans() {
        return new ArrayList<>(spans);
    }

    List<Finding> findings() {
        return findings;
    }

    /** One past the last position that was committed. */
    long end() {
        return end;
    }

    /** The first position of the oldest commit. */
    long from() {
        return from;
    }

    long commits() {
        return commits;
    }

    /** Rows in all commits, as they say. */
    long rows() {
        return rows;
    }

    /** Rows that the table could not take, in all commits, as they say. */
    long rejected() {
        return rejected;
    }

    /** Rows in commits and put aside, by position. */
    CommittedTotals totals() {
        return totals;
    }

    /** Who committed, each with its newest commit. */
    Map<String, TableCommit> newestOfRun() {
        return newestOfRun;
    }

    long oldestVersion() {
        return fromVersion;
    }

    long newestVersion() {
        return newestVersion;
    }

    static String text(StreamRange range) {
        return range.from() + " to " + (range.to() - 1);
    }
}
