package io.headgate.delta.kernel;

import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.commit.CommitMetadata;
import io.delta.kernel.commit.CommitResponse;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.files.ParsedPublishedDeltaData;
import io.delta.kernel.internal.util.FileNames;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;

/** Puts a commit where all readers look for it, whole, unless there is one already. */
final class Publication {
    private Publication() {}

    static CommitResponse publish(Engine engine, CloseableIterator<Row> actions, CommitMetadata commit)
            throws CommitFailedException {
        String file = FileNames.deltaFile(commit.getDeltaLogDirPath(), commit.getVersion());
        try {
            engine.getJsonHandler().writeJsonFileAtomically(file, actions, false);
            return new CommitResponse(ParsedPublishedDeltaData.forFileStatus(
                    engine.getFileSystemClient().getFileStatus(file)));
        } catch (FileAlreadyExistsException e) {
            throw new CommitFailedException(true, true, "Somebody else made version " + commit.getVersion(), e);
        } catch (IOException e) {
            throw new CommitFailedException(true, false, "Cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
