package io.headgate.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Files that hold secrets: only their owner reads them, and nobody, nor a machine that lost power, ever sees half of one.
 * What is in them is written and forced under another name first. All calls block.
 */
public final class SecretFile {
    private SecretFile() {}

    /**
     * Writes a new file, durable on return; if there is one already, that stays. Its directory is created if need be.
     *
     * @return whether it was written
     */
    public static boolean create(Path file, String text) throws IOException {
        Path directory = directoryOf(file);
        Files.createDirectories(directory);
        Path draft = newDraft(directory);
        try {
            writeForced(draft, text);
            Files.createLink(file, draft);
            force(directory);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    static Path directoryOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a directory");
    }

    static Path newDraft(Path directory) throws IOException {
        return Files.createTempFile(directory, ".secret", ".tmp"); // 0600, see its Javadoc
    }

    static void writeForced(Path draft, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
