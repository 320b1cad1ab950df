package io.headgate.delta;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What several {@link Storage} operations make together. The order within each is what makes it hold after a power loss:
 * first the bytes, then the name that leads to them.
 */
final class StorageSteps {
    private static final Logger LOG = LoggerFactory.getLogger(StorageSteps.class);

    private StorageSteps() {}

    /**
     * Gives a complete temporary file its name if nobody has it, durably, and removes the temporary name. Linking is
     * the one step that can lose a race; whatever fails after it leaves the file published.
     *
     * @throws FileAlreadyExistsException if somebody else has the name
     */
    static void publish(Storage storage, Path temporary, Path name) throws IOException {
        try {
            link(storage, temporary, name);
            storage.forceDirectory(parent(name));
        } finally {
            unlinkQuietly(storage, temporary);
        }
    }

    /** Gives a complete temporary file its name, durably, in place of what had it. */
    static void replace(Storage storage, Path temporary, Path name) throws IOException {
        try {
            storage.rename(temporary, name);
        } catch (IOException e) {
            unlinkQuietly(storage, temporary);
            throw e;
        }
        storage.forceDirectory(parent(name));
    }

    /** Creates a directory and those above it that are missing, each with its name forced. */
    static void createDirectories(Storage storage, Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        createDirectories(storage, parent(directory));
        createDirectory(storage, directory);
        // Also when somebody else was faster: their force may still be under way.
        storage.forceDirectory(parent(directory));
    }

    /** Creates a directory in one that is there, unless somebody did; its name may still be lost. */
    static void createDirectory(Storage storage, Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        try {
            storage.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    /** Removes a file that does no harm where it stays. */
    static void unlinkQuietly(Storage storage, Path file) {
        try {
            storage.unlink(file);
        } catch (IOException e) {
            LOG.warn("Cannot remove {}, which is of no use any more: {}", file, e.toString());
        }
    }

    private static void link(Storage storage, Path temporary, Path name) throws IOException {
        try {
            storage.link(temporary, name);
        } catch (IOException e) {
            // On network file systems the answer to a link that succeeded can get lost, and its repetition then finds
            // the name taken: by us, if both names lead to the same file.
            if (!isSameFile(temporary, name)) {
                throw e;
            }
        }
    }

    private static boolean isSameFile(Path one, Path other) throws IOException {
        return Files.exists(other) && Files.isSameFile(one, other);
    }

    static Path parent(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IOException(path + " has no directory above it");
        }
        return parent;
    }
}
