package io.headgate.gateway.verify;

import io.headgate.model.StreamRange;
import io.headgate.wal.LogReport;
import java.util.List;

/**
 * Positions of the log that cannot be counted: damaged ones, and those that {@code headgate log repair} exported and left
 * out.
 */
final class Gaps {
    private final LogReport report;
    private final List<StreamRange> repaired;

    /** @param repaired what was left out */
    Gaps(LogReport report, List<StreamRange> repaired) {
        this.report = report;
        this.repaired = repaired;
    }

    /** Whether all of a range can be counted. */
    boolean none(StreamRange within) {
        return report.damageCount() == report.damage().size()
                && report.damage().stream().noneMatch(bad -> bad.from() < within.to() && bad.to() > within.from())
                && repaired.stream().noneMatch(gone -> gone.from() < within.to() && gone.to() > within.from());
    }
}
