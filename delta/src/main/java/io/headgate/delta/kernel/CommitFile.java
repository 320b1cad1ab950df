package io.headgate.delta.kernel;

import io.delta.kernel.Snapshot;
import io.delta.kernel.utils.FileStatus;

/**
 * The JSON file whose commit made a version, as it was when the version was loaded or made.
 *
 * @param path where it is
 * @param sizeBytes how long it was
 * @param modificationTimeMillis when it was written
 */
public record CommitFile(String path, long sizeBytes, long modificationTimeMillis) {
    /** The file of a version. */
    public static CommitFile of(Snapshot snapshot) {
        FileStatus file = snapshot.getLogSegment().getDeltaFileAtEndVersion();
        return new CommitFile(file.getPath(), file.getSize(), file.getModificationTime());
    }
}
