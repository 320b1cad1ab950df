package io.headgate.delta;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Looks into a table's JSON commits for ours.
 *
 * @param table the table's directory
 * @param appId what our transactions on it are called
 */
record OwnCommits(Path table, String appId) {
    /** How far back to look: half an hour of commits every two seconds. Each takes some 50 µs to read. */
    private static final int COMMITS_MAX = 1_000;

    /** The last commit up to a version that set our transaction; empty if it is too far back, or log clean-up took it. */
    Optional<TableCommit> last(long version) throws IOException {
        for (long at = version; at >= 0 && at > version - COMMITS_MAX; at--) {
            try {
                TableCommit commit = CommitJson.read(table, at);
                if (commit.transaction()
                        .filter(txn -> txn.appId().equals(appId))
                        .isPresent()) {
                    return Optional.of(commit);
                }
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /**
     * Whether the commit of a version is the one that was tried with a file. No other process ever has the file's name,
     * and ours tries one file with one version.
     *
     * @throws NoSuchFileException if log clean-up took it
     */
    boolean isOf(long version, WrittenFile file) throws IOException {
        return isOf(CommitJson.read(table, version), file);
    }

    /** The same for a commit that was read. */
    static boolean isOf(TableCommit commit, WrittenFile file) {
        return commit.range().equals(Optional.of(CommittedRange.of(file)));
    }
}
