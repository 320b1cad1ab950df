package io.headgate.gateway.verify;

import io.headgate.batching.LogRun;
import io.headgate.batching.LoggedTable;
import io.headgate.delta.DirectoryCatalog;
import io.headgate.delta.TableVersion;
import io.headgate.model.StreamRange;
import io.headgate.model.TableId;
import io.headgate.model.TableName;
import io.headgate.wal.LocalDisk;
import io.headgate.wal.LogHead;
import io.headgate.wal.LogReport;
import io.headgate.wal.LogReport.Damage;
import io.headgate.wal.LogScan;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Verifies tables against the log, beside a running gateway or without one. The order is what keeps it from false alarms
 * while rows are accepted, committed and trimmed: where the log begins; then the tables; then the log. So whatever a table
 * has was in the log when the log is read, or was trimmed after it was committed.
 *
 * <p>What was trimmed is held against the log's own notes: it wrote down how many rows each table's entries held up to
 * where the table had them all.
 */
public final class Verification {
    private static final int ATTEMPTS_MAX = 3;

    private final DirectoryCatalog catalog;
    private final Path log;
    private final boolean deep;
    private final List<Finding> logFindings = new ArrayList<>();
    private final List<TableVerdict> verdicts = new ArrayList<>();
    private final Map<TableId, TableCheck> checks = new LinkedHashMap<>();

    /**
     * @param log the log's directory
     * @param deep whether to open each data file and count its rows
     */
    public Verification(DirectoryCatalog catalog, Path log, boolean deep) {
        this.catalog = catalog;
        this.log = log;
        this.deep = deep;
    }

    /** Verifies all tables of the catalog, and what the log has of others. Once for each instance. */
    public VerifyResult all() throws IOException {
        return run(catalog.list(), null);
    }

    /**
     * Verifies one table. Once for each instance.
     *
     * @throws NoSuchFileException if there is no such table
     */
    public VerifyResult only(TableName name) throws IOException {
        if (!catalog.list().contains(name)) {
            throw new NoSuchFileException(name.toString());
        }
        return run(List.of(name), name);
    }

    private VerifyResult run(List<TableName> names, @Nullable TableName only) throws IOException {
        LocalDisk disk = disk();
        Optional<LogHead> head = disk == null ? Optional.empty() : LogScan.head(disk);
        names.forEach(name -> read(name, head));
        Optional<VerifyResult.Log> found = Optional.empty();
        if (disk == null || head.isEmpty()) {
            checks.values().forEach(check -> verdicts.add(check.alone()));
        } else {
            found = Optional.of(withLog(disk, head.get(), only));
        }
        verdicts.sort(Comparator.comparing(verdict -> verdict.name().toString()));
        return new VerifyResult(found, logFindings, verdicts);
    }

    private @Nullable LocalDisk disk() throws IOException {
        try {
            return LocalDisk.existing(log);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** A table that was dropped meanwhile is none; one that cannot be read has its verdict. */
    private void read(TableName name, Optional<LogHead> head) {
        String why = "";
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            try {
                add(TableCheck.read(catalog, name, head, deep));
                return;
            } catch (NoSuchFileException e) {
                return;
            } catch (IOException | RuntimeException e) {
                why = String.valueOf(e.getMessage());
            }
        }
        verdicts.add(TableVerdict.unreadable(name, why));
    }

    private void add(TableCheck check) {
        TableCheck other = checks.putIfAbsent(check.id(), check);
        if (other != null) {
            verdicts.add(TableVerdict.unreadable(
                    check.name(),
                    "it has the same id as " + other.name()
                            + ", a copy of its files: the log cannot tell their rows apart"));
        }
    }

    private VerifyResult.Log withLog(LocalDisk disk, LogHead head, @Nullable TableName only) throws IOException {
        LogTally tally = newTally();
        LogReport report = LogScan.run(disk, tally);
        if (isAnyAbandoned(tally)) {
            tally = newTally();
            report = LogScan.run(disk, tally);
        }
        // Once more: if the gateway was restarted meanwhile, its commits are of another run.
        List<LogRun> runs = LogScan.head(disk).map(LogHead::runs).orElse(head.runs());
        Gaps gaps = new Gaps(report, tally.repaired());
        for (TableCheck check : checks.values()) {
            verdicts.add(check.against(report, gaps, tally.notes(check.id()), runs));
        }
        aboutDamage(report);
        aboutRepaired(report.logId(), tally.repaired());
        aboutTrimmed(head);
        for (LogTally.Counted counted : tally.tables()) {
            LoggedTable table = counted.table();
            if (!checks.containsKey(table.id()) && (only == null || only.equals(table.name()))) {
                aboutOther(counted, tally.notes(table.id()), only != null);
            }
        }
        return new VerifyResult.Log(report.logId(), report.firstPosition(), report.endPosition());
    }

    private LogTally newTally() {
        Map<TableId, SpanCounts> spans = new LinkedHashMap<>();
        checks.forEach((id, check) -> spans.put(id, check.counts()));
        return new LogTally(spans, id -> {
            TableCheck check = checks.get(id);
            return check == null ? 0 : check.end();
        });
    }

    /** What was abandoned is counted apart from what waits, so the log is read again where there is any. */
    private boolean isAnyAbandoned(LogTally tally) {
        boolean any = false;
        for (TableCheck check : checks.values()) {
            any |= check.abandoned(tally.notes(check.id()).abandonedTo());
        }
        return any;
    }

    /** Each position is a request that was acknowledged. Where no table has come that far, none of them is in one. */
    private void aboutDamage(LogReport report) throws IOException {
        if (report.damage().isEmpty()) {
            return;
        }
        OptionalLong highest = highestCommitted(report.logId());
        for (Damage bad : report.damage()) {
            boolean lost = bad.to() > bad.from() && highest.isPresent() && highest.getAsLong() <= bad.from();
            String text = "the log is damaged at file " + bad.file() + ", offset " + bad.offset() + ": " + bad.problem()
                    + "; positions from " + bad.from()
                    + (bad.to() == Long.MAX_VALUE ? " on" : " to " + (bad.to() - 1)) + " cannot be read";
            logFindings.add(
                    lost
                            ? Finding.broken(text + " and are in no table")
                            : Finding.untold(text + "; see 'headgate log check'"));
        }
    }

    /** What was damaged is in a table if that had it before, and otherwise where the repair exported it to. */
    private void aboutRepaired(String logId, List<StreamRange> repaired) throws IOException {
        if (repaired.isEmpty()) {
            return;
        }
        OptionalLong highest = highestCommitted(logId);
        for (StreamRange gone : repaired) {
            String text = "positions " + RangeChain.text(gone)
                    + " were damaged and are not in the log any more: 'headgate log repair' exported them";
            logFindings.add(
                    highest.isPresent() && highest.getAsLong() <= gone.from()
                            ? Finding.broken(text + "; they are in no table")
                            : Finding.untold(text + "; whether tables had them before cannot be told"));
        }
    }

    /** What was trimmed was committed, so some table was committed at least that far; unless it was dropped since. */
    private void aboutTrimmed(LogHead head) throws IOException {
        boolean explained =
                checks.values().stream().anyMatch(check -> check.committedTo().orElse(0) >= head.firstPosition());
        if (head.firstPosition() == 0 || explained) {
            return;
        }
        OptionalLong highest = highestCommitted(head.logId());
        if (highest.isPresent() && highest.getAsLong() < head.firstPosition()) {
            logFindings.add(Finding.untold("the log begins at position " + head.firstPosition()
                    + ", but no table has been committed beyond " + highest.getAsLong()
                    + ": what was between went into a table that is gone, or is lost"));
        }
    }

    /** How far the log's positions are in any table by now; empty if a table cannot be read. */
    private OptionalLong highestCommitted(String logId) throws IOException {
        long highest = 0;
        for (TableName name : catalog.list()) {
            try {
                highest = Math.max(
                        highest,
                        TableVersion.latest(catalog, name).committedTo(logId).orElse(0));
            } catch (NoSuchFileException e) {
                // Dropped meanwhile.
            } catch (IOException | RuntimeException e) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.of(highest);
    }

    /**
     * Rows of a table that is not in the catalog, or was not when the tables were read.
     *
     * @param aside whether the question is another table of that name
     */
    private void aboutOther(LogTally.Counted counted, NotedRows notes, boolean aside) {
        LoggedTable table = counted.table();
        if (counted.lastPosition() < notes.abandonedTo()) {
            logFindings.add(Finding.note("the log has " + counted.rows() + " rows of table " + table.name()
                    + " with id " + table.id() + ", which were abandoned; they are in " + notes.where()));
            return;
        }
        try {
            if (TableVersion.latest(catalog, table.name()).id().equals(table.id())) {
                return; // created since
            }
        } catch (NoSuchFileException e) {
            // Dropped.
        } catch (IOException | RuntimeException e) {
            return; // it has its verdict
        }
        String text = "the log has " + counted.rows() + " rows of table " + table.name() + " with id " + table.id()
                + ", which is not in the catalog: they were in it when it was dropped, or wait for it";
        logFindings.add(aside ? Finding.note(text) : Finding.untold(text));
    }
}
