package io.headgate.delta.kernel;

import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.commit.CommitMetadata;
import io.delta.kernel.commit.CommitResponse;
import io.delta.kernel.commit.Committer;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.actions.CommitInfo;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.utils.CloseableIterator;
import java.util.Optional;

/**
 * Publishes a commit that only appends files and read none, and says so: with {@code isBlindAppend=true}, another
 * writer's MERGE, UPDATE or DELETE need not fail because of us (Delta protocol, "Commit Provenance Information").
 * Kernel's own committer leaves the flag at false. Only for transactions that add files and nothing else.
 */
public final class BlindAppendCommitter implements Committer {
    @Override
    public CommitResponse commit(Engine engine, CloseableIterator<Row> actions, CommitMetadata commit)
            throws CommitFailedException {
        Row commitInfo = SingleAction.createCommitInfoSingleAction(
                blind(commit.getCommitInfo()).toRow());
        return Publication.publish(
                engine,
                actions.map(action -> action.isNullAt(SingleAction.COMMIT_INFO_ORDINAL) ? action : commitInfo),
                commit);
    }

    private static CommitInfo blind(CommitInfo info) {
        return new CommitInfo(
                info.getInCommitTimestamp(),
                info.getTimestamp(),
                info.getEngineInfo(),
                info.getOperation(),
                info.getOperationParameters(),
                Optional.of(true),
                info.getTxnId(),
                info.getOperationMetrics());
    }
}
