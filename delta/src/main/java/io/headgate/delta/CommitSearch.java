package io.headgate.delta;

import io.headgate.batching.Landing;
import io.headgate.batching.Landing.State;
import io.headgate.model.TableId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds the commit of ours that has a position, among the JSON commits that a table's log still has. Our ranges ascend
 * with the versions, so that a binary search does; where it meets somebody else's commit it goes on to our next. For one
 * thread, once.
 */
final class CommitSearch {
    private static final String CLEANED = "The table's log no longer tells by which version.";
    private static final String GIVEN_UP =
            "No commit has these rows: an operator gave them up, or a repair of the log left them out.";

    private final ForcedEngine engine;
    private final OwnCommits commits;
    private final TableId table;
    private final String logId;
    private final long position;
    private long oldest = Long.MAX_VALUE;
    private long latest = -1;

    /** What lies below the position: as long as nothing is seen there, log clean-up may have taken the commit. */
    private boolean seenBelow;

    CommitSearch(ForcedEngine engine, OwnCommits commits, TableId table, String logId, long position) {
        this.engine = engine;
        this.commits = commits;
        this.table = table;
        this.logId = logId;
        this.position = position;
    }

    /** @throws IOException if the table's log cannot be read */
    Landing run() throws IOException {
        list();
        TableCommit found = find();
        if (found != null) {
            return new RejectedSearch(engine, commits.table(), table, position).in(found);
        }
        return seenBelow || oldest == 0
                ? Landing.noted(State.ABANDONED, OptionalLong.empty(), GIVEN_UP)
                : Landing.noted(State.COMMITTED, OptionalLong.empty(), CLEANED);
    }

    private void list() throws IOException {
        Path log = commits.table().resolve("_delta_log");
        int length = CommitJson.fileName(0).length();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(log, "[0-9]*.json")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.length() == length) {
                    long version = version(name);
                    oldest = Math.min(oldest, version);
                    latest = Math.max(latest, version);
                }
            }
        }
        if (latest < 0) {
            throw new IOException("There is no commit in " + log);
        }
    }

    private static long version(String fileName) throws IOException {
        try {
            return Long.parseLong(fileName.substring(0, fileName.indexOf('.')));
        } catch (NumberFormatException e) {
            throw new IOException("The commit " + fileName + " has no version's name", e);
        }
    }

    private @Nullable TableCommit find() throws IOException {
        long low = oldest;
        long high = latest;
        while (low <= high) {
            long middle = low + (high - low) / 2;
            TableCommit own;
            try {
                own = firstOwn(middle, high);
            } catch (NoSuchFileException e) { // log clean-up runs
                oldest = middle + 1;
                low = middle + 1;
                continue;
            }
            if (own == null || position < range(own).range().from()) {
                high = middle - 1;
            } else if (position < range(own).range().to()) {
                return own;
            } else {
                seenBelow = true;
                low = own.version() + 1;
            }
        }
        return null;
    }

    private @Nullable TableCommit firstOwn(long from, long to) throws IOException {
        for (long version = from; version <= to; version++) {
            TableCommit commit = CommitJson.read(commits.table(), version);
            if (isOwn(commit)) {
                return commit;
            }
        }
        return null;
    }

    private boolean isOwn(TableCommit commit) {
        return commit.range().filter(range -> range.logId().equals(logId)).isPresent()
                && commit.transaction()
                        .filter(txn -> txn.appId().equals(commits.appId()))
                        .isPresent();
    }

    private static CommittedRange range(TableCommit own) {
        return own.range().orElseThrow();
    }
}
