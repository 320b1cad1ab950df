package io.headgate.delta;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.headgate.batching.LoggedTable;
import io.headgate.delta.kernel.PartitionContext;
import io.headgate.model.StreamRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/** One attempt to get the data files of one range into the version right after a known one, and nowhere else. */
final class CommitAttempt {
    private final Engine engine;
    private final LoggedTable table;
    private final OwnCommits commits;
    private final DeltaSnapshot base;
    private final StreamRange range;
    private final WrittenFile file;

    /** @throws IllegalArgumentException if the range does not follow the base, or the file is not for both */
    CommitAttempt(
            Engine engine,
            LoggedTable table,
            OwnCommits commits,
            DeltaSnapshot base,
            StreamRange range,
            WrittenFile file) {
        this.engine = engine;
        this.table = table;
        this.commits = commits;
        this.base = base;
        this.range = range;
        this.file = file;
        requireFits();
    }

    /**
     * Tries it. Somebody who looked for the version's file before and found none may rename theirs onto ours right
     * afterwards: so only a file that was identified, and then read as ours, counts.
     *
     * @param same stands for the base, and may be lighter
     * @throws IOException if it failed, or may have
     */
    Made run(DeltaSnapshot same) throws IOException {
        TransactionCommitResult result = commit(same);
        requireStillThere();
        Snapshot made = result.getPostCommitSnapshot().orElseThrow(); // there is one, as nothing was rebased
        FileIdentity commit = DeltaSnapshot.commitOf(made);
        TableCommit read = CommitJson.read(commits.table(), made.getVersion());
        if (!OwnCommits.isOf(read, file)) {
            throw new IOException("Version " + made.getVersion() + " of table " + table.name()
                    + " was replaced by somebody else's right after it was made");
        }
        return new Made(
                new DeltaSnapshot(
                        made,
                        commit,
                        base.layout(),
                        base.columns(),
                        base.physicalColumns(),
                        OptionalLong.of(range.to()),
                        read.addedRows()),
                result.getPostCommitHooks());
    }

    /**
     * What a commit brought.
     *
     * @param version the version that it made
     * @param hooks what Kernel wants done about it, at leisure
     */
    record Made(DeltaSnapshot version, List<PostCommitHook> hooks) {}

    /**
     * The last line of defence: whatever the caller thinks, nothing goes in twice. What the table lacks in between, the log
     * has a note of.
     */
    private void requireFits() {
        if (base.committedTo().isPresent() && base.committedTo().getAsLong() > range.from()) {
            throw new IllegalArgumentException("Range " + range + " does not follow what the table has: "
                    + base.committedTo().getAsLong());
        }
        if (!file.name().range().equals(range) || !file.layout().equals(base.layout())) {
            throw new IllegalArgumentException("Data file " + file.name() + " was not written for range " + range
                    + " and this layout of the table");
        }
    }

    /**
     * Nobody has the version after an old one any more once log clean-up removed it, or when another table is in the
     * place: then a commit would go where nobody looks for it, or tear a hole into the log. Both take away or change the
     * version before, too.
     *
     * <p>Checked while the commit's temporary file is there, in the directory that it is going to be linked in: if that
     * directory is moved or removed from then on, there is nothing to link. Checked again afterwards, for changes within
     * the directory, as this process may have slept for weeks in between.
     */
    private void requireStillThere() throws IOException {
        if (!base.isStillThere()) {
            throw new IOException("Version " + base.version() + " of table " + table.name()
                    + " is gone or another one since it was loaded");
        }
    }

    private TransactionCommitResult commit(DeltaSnapshot same) throws IOException {
        try {
            Transaction transaction = same.kernel()
                    .buildUpdateTableTransaction(CommittedRange.of(file).format(), Operation.WRITE)
                    .withTransactionId(commits.appId(), range.to())
                    .withMaxRetries(0)
                    .build(engine);
            return transaction.commit(engine, additions(transaction.getTransactionState(engine)));
        } catch (RuntimeException e) {
            throw new IOException(
                    "Range " + range + " did not get into version " + (base.version() + 1) + " of table " + table.name()
                            + ", or nobody knows: " + e.getMessage(),
                    e);
        }
    }

    /** The actions that add the data files. Kernel takes them as it writes the commit's temporary file. */
    private CloseableIterable<Row> additions(Row state) {
        return new CloseableIterable<>() {
            @Override
            public CloseableIterator<Row> iterator() {
                return Iterators.closeable(new Guarded(file.files().stream()
                        .map(added -> addition(state, added))
                        .iterator()));
            }

            @Override
            public void close() {}
        };
    }

    private Row addition(Row state, PartitionFile added) {
        DataWriteContext context = PartitionContext.of(added.partition());
        return Transaction.generateAppendActions(
                        engine,
                        state,
                        Iterators.closeable(List.of(added.status()).iterator()),
                        context)
                .next();
    }

    /** Makes sure of the base once all actions were taken. */
    private final class Guarded implements Iterator<Row> {
        private final Iterator<Row> actions;

        Guarded(Iterator<Row> actions) {
            this.actions = actions;
        }

        @Override
        public boolean hasNext() {
            boolean more = actions.hasNext();
            if (!more) {
                try {
                    requireStillThere();
                } catch (IOException e) {
                    throw new UncheckedIOException(e.getMessage(), e);
                }
            }
            return more;
        }

        @Override
        public Row next() {
            return actions.next();
        }
    }
}
