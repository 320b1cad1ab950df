package io.headgate.gateway.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;

/** Directories that a gateway would make at its start if they are missing. */
final class Places {
    private Places() {}

    /** {@code path}, or the nearest of its ancestors that exists: where it would be made. */
    static Path existing(Path path) throws IOException {
        Path at = path.toAbsolutePath();
        while (!Files.exists(at)) {
            Path parent = at.getParent();
            if (parent == null) {
                throw new NoSuchFileException(path.toString());
            }
            at = parent;
        }
        return at;
    }

    /** A name in {@code directory} that nobody has and everybody ignores: neither the log's nor a table's. */
    static Path probe(Path directory) {
        return directory.resolve("._headgate_doctor." + UUID.randomUUID() + ".tmp");
    }
}
