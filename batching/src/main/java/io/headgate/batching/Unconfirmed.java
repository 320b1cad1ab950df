package io.headgate.batching;

import io.headgate.batching.TableWriter.TableSnapshot;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is durable in a table and has not been seen there again. A tool that looks whether a file is there and then
 * renames another onto it may have looked before our commit and rename after it. So the log keeps the rows until either
 * the next commit succeeded on top of this version, or a look some time later found it in its place.
 *
 * @param version where to look
 * @param before the table's transaction version before, and again if the commit was replaced
 * @param beforeProgress how far the table was
 * @param progress how far it is
 * @param commit what to commit again if it was replaced; null if an earlier process made it
 * @param sinceNanos when it became durable, or was found to be
 */
record Unconfirmed(
        TableSnapshot version,
        OptionalLong before,
        Progress beforeProgress,
        Progress progress,
        @Nullable Commit commit,
        long sinceNanos) {
    Unconfirmed at(TableSnapshot newer) {
        return new Unconfirmed(newer, before, beforeProgress, progress, commit, sinceNanos);
    }
}
