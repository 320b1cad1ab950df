package io.headgate.delta.kernel;

import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.commit.CommitMetadata;
import io.delta.kernel.commit.CommitResponse;
import io.delta.kernel.commit.Committer;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.utils.CloseableIterator;
import java.util.Map;

/**
 * Publishes the first version of a table, with the isolation level under which appends and another writer's MERGE,
 * UPDATE or DELETE do not conflict. Databricks assumes that level where a table names none; Delta for Spark assumes {@code
 * Serializable}, under which any such statement loses that takes longer than the pause between two of our commits. It
 * obeys the property, but does not let its users set it; nor does Kernel, hence a committer.
 */
public final class CreationCommitter implements Committer {
    private static final Map<String, String> ISOLATION = Map.of("delta.isolationLevel", "WriteSerializable");

    @Override
    public CommitResponse commit(Engine engine, CloseableIterator<Row> actions, CommitMetadata commit)
            throws CommitFailedException {
        Metadata metadata = commit.getNewMetadataOpt().orElseThrow().withMergedConfiguration(ISOLATION);
        Row isolated = SingleAction.createMetadataSingleAction(metadata.toRow());
        return Publication.publish(
                engine,
                actions.map(action -> action.isNullAt(SingleAction.METADATA_ORDINAL) ? action : isolated),
                commit);
    }
}
