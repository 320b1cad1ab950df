package io.headgate.gateway.verify;

import io.headgate.model.TableName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What was found about one table.
 *
 * @param name what it is called
 * @param id what it is; empty if it could not be read
 * @param commits our commits to it; empty if it could not be read
 * @param comparedCommits how many of them the log still has all positions of
 * @param pendingRows rows in the log that are not in the table; empty if that cannot be told
 * @param files its data files; empty if it could not be read
 * @param findings what was noticed
 */
public record TableVerdict(
        TableName name,
        String id,
        Optional<Commits> commits,
        long comparedCommits,
        OptionalLong pendingRows,
        Optional<DataFiles> files,
        List<Finding> findings) {
    public TableVerdict {
        findings = List.copyOf(findings);
    }

    /**
     * Our commits to a table, of this log or, where it has none, of all others.
     *
     * @param count how many
     * @param rows rows in them, as they say
     * @param from the first position, of this log; -1 if it has none
     * @param to one past the last position, of this log; -1 if it has none
     * @param oldestKept the oldest version that is kept of the table's history
     * @param latest the table's latest version
     */
    public record Commits(long count, long rows, long from, long to, long oldestKept, long latest) {}

    /**
     * The data files of the latest version.
     *
     * @param count how many
     * @param rows rows in them; -1 if not every one has statistics
     */
    public record DataFiles(long count, long rows) {}

    /** What all findings together come to. */
    public Verdict verdict() {
        return Finding.worst(findings);
    }

    static TableVerdict unreadable(TableName name, String why) {
        return new TableVerdict(
                name, "", Optional.empty(), 0, OptionalLong.empty(), Optional.empty(), List.of(Finding.untold(why)));
    }
}
