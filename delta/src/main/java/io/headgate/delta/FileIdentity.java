package io.headgate.delta;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What tells a file from any other that later has its name. Length and time do not suffice: a commit that somebody else
 * renames onto ours may be as long and of the same instant, but it is another inode. The inode alone would not either,
 * since a file system gives it out again.
 *
 * @param file where it is
 * @param key the inode and its device; null where the file system has no such thing
 * @param sizeBytes its length
 * @param modified when it was written, as precisely as the file system keeps it
 */
record FileIdentity(Path file, @Nullable Object key, long sizeBytes, FileTime modified) {
    /** @throws NoSuchFileException if there is none */
    static FileIdentity of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileIdentity(file, attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
    }

    /** Whether the file is still there, the same and unchanged. */
    boolean isStillThere() throws IOException {
        try {
            return of(file).equals(this);
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
