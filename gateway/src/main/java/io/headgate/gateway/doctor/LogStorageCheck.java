package io.headgate.gateway.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the log's file system keeps what the log relies on: preallocated bytes, and forced ones. */
final class LogStorageCheck implements Check {
    private static final String REMEDY = "Keep the log (log.path) on ext4 or xfs on a disk of this machine.";

    private final Path log;
    private final FileSystemType type;

    /** What the operating system calls the file system that a path is on. */
    @FunctionalInterface
    interface FileSystemType {
        String of(Path path) throws IOException;
    }

    LogStorageCheck(Path log) {
        this(log, path -> Files.getFileStore(path).type());
    }

    LogStorageCheck(Path log, FileSystemType type) {
        this.log = log;
        this.type = type;
    }

    @Override
    public String name() {
        return "log-storage";
    }

    @Override
    public Finding examine() throws IOException {
        String named = type.of(Places.existing(log));
        return switch (StorageKind.of(named)) {
            case IN_PLACE -> Finding.ok(named + " at " + log);
            case COPY_ON_WRITE ->
                Finding.warn(
                        named + " at " + log + " needs new space even to overwrite: once full, it ends the gateway"
                                + " instead of having it answer 503",
                        REMEDY);
            case CONTAINER_LAYER ->
                Finding.warn(
                        named + " at " + log + " is a container's own layer: acknowledged rows go with the container",
                        "Mount a volume at log.path.");
            case MEMORY ->
                Finding.warn(named + " at " + log + " is memory: acknowledged rows go with the power", REMEDY);
            case REMOTE ->
                Finding.warn(
                        named + " at " + log + " is up to a server: whether a force reaches its disk, and whether a"
                                + " lock keeps a second gateway out",
                        REMEDY);
            case UNKNOWN -> Finding.warn(named + " at " + log + " is no file system that Headgate knows", REMEDY);
        };
    }
}
