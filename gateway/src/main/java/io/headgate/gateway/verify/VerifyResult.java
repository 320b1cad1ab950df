package io.headgate.gateway.verify;

import java.util.List;
import java.util.Optional;

/**
 * What a verification found.
 *
 * @param log the log; empty if there is none
 * @param logFindings what was noticed that is no single table's
 * @param tables one for each table, in order of their names
 */
public record VerifyResult(Optional<Log> log, List<Finding> logFindings, List<TableVerdict> tables) {
    public VerifyResult {
        logFindings = List.copyOf(logFindings);
        tables = List.copyOf(tables);
    }

    /**
     * The log as it was read.
     *
     * @param id its id
     * @param firstPosition the lowest position that it still has
     * @param endPosition one past the last position
     */
    public record Log(String id, long firstPosition, long endPosition) {}

    /** The worst of all. */
    public Verdict verdict() {
        return tables.stream().map(TableVerdict::verdict).reduce(Finding.worst(logFindings), Verdict::and);
    }
}
