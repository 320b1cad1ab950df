package io.headgate.delta;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds out, once per file system, whether it can publish a file so that exactly one of several writers wins: link(2)
 * must exist, and must refuse a name that is taken.
 */
final class LinkProbe {
    private final Storage storage;
    private final String owner;
    private final Set<String> passed = ConcurrentHashMap.newKeySet();

    LinkProbe(Storage storage, String owner) {
        this.storage = storage;
        this.owner = owner;
    }

    /**
     * @throws UnsuitableStorageException naming the file system, if it cannot
     * @throws IOException if that cannot be told now
     */
    void check(Path directory) throws IOException {
        FileStore fileSystem = Files.getFileStore(directory);
        String key = fileSystem.name() + " " + fileSystem.type();
        if (!passed.contains(key)) {
            probe(directory, fileSystem);
            passed.add(key);
        }
    }

    private void probe(Path directory, FileStore fileSystem) throws IOException {
        Path file = directory.resolve(".probe." + owner + "-0.tmp");
        Path name = directory.resolve(".probe." + owner + "-1.tmp");
        try {
            storage.create(file).close();
            link(file, name, fileSystem);
        } finally {
            StorageSteps.unlinkQuietly(storage, name);
            StorageSteps.unlinkQuietly(storage, file);
        }
    }

    private void link(Path file, Path name, FileStore fileSystem) throws IOException {
        try {
            storage.link(file, name);
        } catch (IOException e) {
            throw new UnsuitableStorageException(
                    "The file system of " + file.getParent() + ", of type '" + fileSystem.type()
                            + "', has no hard links (" + e.getMessage() + "): commits to Delta tables there could"
                            + " overwrite one another. Keep tables on a file system that has them, such as ext4 or xfs.",
                    e);
        }
        if (!Files.isSameFile(file, name)) {
            throw new UnsuitableStorageException(
                    "The file system of " + file.getParent() + ", of type '" + fileSystem.type()
                            + "', copies a file instead of linking it: keep tables on one that links, such as ext4 or xfs.");
        }
    }
}
