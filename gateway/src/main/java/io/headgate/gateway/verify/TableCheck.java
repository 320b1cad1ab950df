package io.headgate.gateway.verify;

import io.headgate.batching.LogRun;
import io.headgate.delta.CommittedRange;
import io.headgate.delta.DataFileCheck;
import io.headgate.delta.DirectoryCatalog;
import io.headgate.delta.RejectedFile;
import io.headgate.delta.TableCommit;
import io.headgate.delta.TableCommit.Transaction;
import io.headgate.delta.TableVersion;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import io.headgate.wal.LogHead;
import io.headgate.wal.LogReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One table: first what its own version, commits and files say; then, once the log was read, what that says about it.
 *
 * <p>The table is read before the log. What it has committed was forced before, so the log must still have it, unless it
 * was trimmed: no commit that happens meanwhile can look like a fault.
 */
final class TableCheck {
    private final TableVersion table;
    private final Optional<LogHead> log;
    private final OptionalLong committedTo;
    private final Map<String, RangeChain> chains = new LinkedHashMap<>();
    private final TableVersion.History history;
    private final DataFileCheck.Result files;
    private SpanCounts counts;
    private long abandonedTo;
    private final List<CommittedRange> rejecting = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private long compared;
    private long pendingRows;

    private TableCheck(TableVersion table, Optional<LogHead> log, boolean deep) throws IOException {
        this.table = table;
        this.log = log;
        this.committedTo = log.isPresent() ? table.committedTo(log.get().logId()) : OptionalLong.empty();
        this.history = table.commits(this::add);
        this.files = DataFileCheck.run(table, deep);
        aboutRejected();
        this.counts = new SpanCounts(spans());
    }

    /** Reads what the table says. */
    static TableCheck read(DirectoryCatalog catalog, TableName name, Optional<LogHead> log, boolean deep)
            throws IOException {
        return new TableCheck(TableVersion.latest(catalog, name), log, deep);
    }

    TableId id() {
        return table.id();
    }

    TableName name() {
        return table.name();
    }

    /** Up to where this log's positions are in the table, if it has any. */
    OptionalLong committedTo() {
        return committedTo;
    }

    SpanCounts counts() {
        return counts;
    }

    private void add(TableCommit commit) {
        Optional<CommittedRange> range = commit.range();
        if (range.isEmpty()) {
            return;
        }
        String logId = range.get().logId();
        boolean another = commit.transaction()
                .filter(found -> !found.appId()
                        .equals(Transaction.appId(logId, table.id().value())))
                .isPresent();
        if (!another) { // else of an earlier table, whose files this one was made of
            if (range.get().rejected() > 0) {
                rejecting.add(range.get());
            }
            chains.computeIfAbsent(logId, this::chain).add(commit, range.get());
        }
    }

    private RangeChain chain(String logId) {
        boolean isLogs = log.isPresent() && log.get().logId().equals(logId);
        return new RangeChain(table.forgetsTransactions(), isLogs ? log.get().firstPosition() : Long.MAX_VALUE);
    }

    private Optional<RangeChain> ours() {
        return log.map(head -> chains.get(head.logId()));
    }

    /** One past the last position of this log that its commits have; 0 if there is none. */
    long end() {
        return ours().map(RangeChain::end).orElse(0L);
    }

    /** Takes note of what was abandoned; whether the log must be counted anew for that. */
    boolean abandoned(long below) {
        abandonedTo = below;
        boolean splits = below > waitingFrom();
        if (splits) {
            counts = new SpanCounts(spans());
        }
        return splits;
    }

    private List<Span> spans() {
        List<Span> spans = ours().map(RangeChain::spans).orElseGet(ArrayList::new);
        long first = ours().map(RangeChain::from).orElse(0L);
        if (history.isComplete() && first > 0) {
            spans.add(0, new Span(Span.Kind.LEFT_OUT, new StreamRange(0, first), 0, 0));
        }
        long waiting = waitingFrom();
        if (waiting < abandonedTo) {
            spans.add(new Span(Span.Kind.ABANDONED, new StreamRange(waiting, abandonedTo), 0, table.version()));
            waiting = abandonedTo;
        }
        spans.add(new Span(Span.Kind.WAITING, new StreamRange(waiting, Long.MAX_VALUE), 0, table.version()));
        return spans;
    }

    private long waitingFrom() {
        return Math.max(committedTo.orElse(0), ours().map(RangeChain::end).orElse(0L));
    }

    /** Holds the table against the log, which was read since. */
    TableVerdict against(LogReport report, Gaps gaps, NotedRows notes, List<LogRun> runs) {
        aboutHistory();
        ours().ifPresent(chain -> {
            aboutRuns(chain, runs);
            aboutNotes(chain, notes);
        });
        ours().ifPresentOrElse(this::aboutEnd, this::aboutNoCommits);
        counts.forEach((span, counted) -> aboutSpan(span, counted, report, gaps));
        aboutLogEnd(report);
        return verdict(OptionalLong.of(pendingRows));
    }

    /** Rows that the table could not take must be beside it, as many as its commits say. */
    private void aboutRejected() throws IOException {
        if (rejecting.isEmpty()) {
            return;
        }
        List<RejectedFile> put = table.rejectedFiles();
        long rows = 0;
        for (CommittedRange range : rejecting) {
            rows += range.rejected();
            Optional<RejectedFile> file =
                    put.stream().filter(each -> each.isOf(range)).findFirst();
            if (file.isEmpty()) {
                findings.add(Finding.untold("the file of the " + range.rejected() + " rows of positions "
                        + RangeChain.text(range.range())
                        + " that the table could not take is gone: somebody removed it, or it is lost"));
            } else if (file.get().rows() != range.rejected()) {
                findings.add(Finding.broken(file.get().path() + " has "
                        + file.get().rows() + " rows, but the commit put " + range.rejected() + " aside"));
            }
        }
        findings.add(Finding.note(
                rows + " rows were put aside, as the table could not take them, in _zerobus/table_rejected_parquets"));
    }

    /** A process that this log never went through works on a copy of it. */
    private void aboutRuns(RangeChain chain, List<LogRun> runs) {
        Set<String> known = runs.stream().map(LogRun::id).collect(Collectors.toSet());
        chain.newestOfRun().forEach((run, commit) -> {
            long to = commit.range().orElseThrow().range().to();
            // Of runs from before what the log remembers nothing is known.
            if (!known.contains(run) && !runs.isEmpty() && to > runs.get(0).from()) {
                findings.add(Finding.broken("version " + commit.version() + " was committed up to position " + to
                        + " by run " + run + ", which this log never went through: a copy of it is in use, and its rows"
                        + " stand where this log's should; see 'headgate recover --as-new-log'"));
            }
        });
    }

    /** What was trimmed, too, is as many rows as went into commits and aside. */
    private void aboutNotes(RangeChain chain, NotedRows notes) {
        OptionalLong committed = chain.totals().upTo(notes.highTo());
        if (notes.highTo() == 0 || committed.isEmpty()) {
            return;
        }
        if (history.isComplete()) {
            aboutRowsNoted(0, notes.highTo(), notes.highRows(), committed.getAsLong());
            return;
        }
        OptionalLong before = chain.totals().upTo(notes.lowTo());
        if (before.isPresent() && notes.lowTo() < notes.highTo()) {
            aboutRowsNoted(
                    notes.lowTo(),
                    notes.highTo(),
                    notes.highRows() - notes.lowRows(),
                    committed.getAsLong() - before.getAsLong());
        }
    }

    private void aboutRowsNoted(long from, long to, long noted, long committed) {
        boolean anyAbandoned = from < abandonedTo;
        if (committed > noted || (committed < noted && !anyAbandoned)) {
            findings.add(Finding.broken("the log counted " + noted + " rows of positions "
                    + RangeChain.text(new StreamRange(from, to)) + ", but its commits have " + committed));
        }
    }

    /** What can be said without a log. */
    TableVerdict alone() {
        aboutHistory();
        if (!chains.isEmpty()) {
            findings.add(Finding.untold("there is no log to hold its commits against"));
        }
        return verdict(OptionalLong.empty());
    }

    private void aboutHistory() {
        chains.values().forEach(chain -> findings.addAll(chain.findings()));
        files.problems().forEach(problem -> findings.add(Finding.broken(problem)));
        if (history.torn()) {
            findings.add(Finding.untold("the commit of version " + (history.oldest() - 1)
                    + " is missing from the table's log, though older ones are there: what they say does not connect"));
        }
    }

    /** The transaction is what the next commit goes by. */
    private void aboutEnd(RangeChain chain) {
        long end = chain.end();
        if (committedTo.isEmpty()) {
            String text = "the table has lost our transaction, which said that positions below " + end + " are in it";
            findings.add(table.forgetsTransactions() ? Finding.untold(text) : Finding.broken(text));
        } else if (committedTo.getAsLong() > end) {
            findings.add(Finding.broken("positions " + RangeChain.text(new StreamRange(end, committedTo.getAsLong()))
                    + " count as committed, but no commit has them"));
        } else if (committedTo.getAsLong() < end) {
            findings.add(Finding.broken("positions " + RangeChain.text(new StreamRange(committedTo.getAsLong(), end))
                    + " are in the table but count as not committed: they would be committed again"));
        }
    }

    private void aboutNoCommits() {
        if (committedTo.isPresent()) {
            String text = "its transaction says that positions below " + committedTo.getAsLong() + " are in it, but ";
            findings.add(
                    history.isComplete()
                            ? Finding.broken(text + "no commit of its history has them")
                            : Finding.untold(text + "the commits that would show it are no longer kept"));
        } else if (!chains.isEmpty()) {
            findings.add(Finding.untold("its rows come from other logs alone ("
                    + String.join(", ", chains.keySet().stream().limit(5).toList())
                    + "): verify where those are"));
        }
    }

    private void aboutSpan(Span span, long counted, LogReport report, Gaps gaps) {
        boolean whole = span.range().from() >= report.firstPosition() && gaps.none(span.range());
        switch (span.kind()) {
            case WAITING -> aboutWaiting(span, counted, gaps);
            case ABANDONED -> aboutAbandoned(span, counted);
            case LEFT_OUT -> aboutLeftOut(span, counted, whole);
            case COMMITTED -> {
                if (whole && span.range().to() <= report.endPosition()) {
                    compared++;
                    compare(span, counted);
                }
            }
        }
    }

    private void compare(Span span, long counted) {
        if (counted != span.rows()) {
            findings.add(Finding.broken("version " + span.version() + " has " + span.rows() + " rows of positions "
                    + RangeChain.text(span.range()) + ", but the log has " + counted + " of this table there"));
        }
    }

    private void aboutAbandoned(Span span, long counted) {
        if (counted > 0) {
            findings.add(Finding.note(counted + " rows of positions " + RangeChain.text(span.range())
                    + " were abandoned: 'headgate log dump' says where they are"));
        }
    }

    private void aboutLeftOut(Span span, long counted, boolean whole) {
        if (span.range().to() <= abandonedTo) {
            aboutAbandoned(span, counted);
        } else if (counted > 0) {
            findings.add(Finding.broken(counted + " rows of positions " + RangeChain.text(span.range())
                    + " are in the log and in no commit, though later ones are"));
        } else if (!whole && span.range().from() > 0) {
            ours().ifPresent(chain -> findings.add(chain.gapUntold(span)));
        }
    }

    private void aboutWaiting(Span span, long counted, Gaps gaps) {
        pendingRows = counted;
        boolean used = committedTo.isPresent() || counted > 0 || !chains.isEmpty();
        if (used && !gaps.none(span.range())) {
            findings.add(Finding.untold("positions of the log are damaged, or were taken out of it, beyond "
                    + span.range().from() + ", up to where the table has its rows: more of them may wait there"));
        }
    }

    private void aboutLogEnd(LogReport report) {
        if (committedTo.orElse(0) > report.endPosition()) {
            findings.add(Finding.untold("the log ends at position " + report.endPosition()
                    + ", before what the table has of it, " + committedTo.getAsLong()
                    + ": it is an old copy, or lost its end"));
        }
    }

    private TableVerdict verdict(OptionalLong pending) {
        List<RangeChain> counted = ours().map(List::of).orElseGet(() -> List.copyOf(chains.values()));
        TableVerdict.Commits commits = new TableVerdict.Commits(
                counted.stream().mapToLong(RangeChain::commits).sum(),
                counted.stream().mapToLong(RangeChain::rows).sum(),
                ours().map(RangeChain::from).orElse(-1L),
                ours().map(RangeChain::end).orElse(-1L),
                history.oldest(),
                table.version());
        return new TableVerdict(
                table.name(),
                table.id().value(),
                Optional.of(commits),
                compared,
                pending,
                Optional.of(new TableVerdict.DataFiles(files.files(), files.rows())),
                findings);
    }
}
