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
     * Whether one of some versions is a commit that was tried with a file. No other process ever has the file's name; ours
     * may have tried it on several versions, as others came first.
     *
     * @throws NoSuchFileException if log clean-up took the commits that could tell
     */
    boolean anyIsOf(long first, long last, WrittenFile file) throws IOException {
        for (long at = last; at >= first; at--) {
            if (isOf(CommitJson.read(table, at), file)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a commit is the one that was tried with a file. */
    static boolean isOf(TableCommit commit, WrittenFile file) {
        return commit.range().equals(Optional.of(CommittedRange.of(file)));
    }
}
