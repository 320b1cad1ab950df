package io.headgate.delta;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one version's JSON says of the commit that made it (Delta protocol, "Commit Provenance Information", "Transaction
 * Identifiers").
 *
 * @param version the version
 * @param range the range of a log that it says it adds; empty if the commit is not one of ours
 * @param transaction a transaction of ours; empty if there is none
 * @param addedRows rows of the files that it adds, by their statistics; empty if one has none
 */
public record TableCommit(
        long version, Optional<CommittedRange> range, Optional<Transaction> transaction, OptionalLong addedRows) {
    /**
     * A {@code txn} action.
     *
     * @param appId whose
     * @param version the end of a range, if it is ours
     */
    public record Transaction(String appId, long version) {
        /** What our transactions on a table are called. */
        public static String appId(String logId, String tableId) {
            return "headgate/" + logId + "/" + tableId;
        }

        boolean isOurs() {
            return appId.startsWith("headgate/");
        }
    }
}
