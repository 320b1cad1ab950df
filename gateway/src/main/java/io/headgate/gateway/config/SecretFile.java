package io.headgate.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that holds one secret and nothing else. */
final class SecretFile {
    private static final int BYTES_MAX = 64 << 10;

    private SecretFile() {}

    /**
     * Its text without the last line break.
     *
     * @throws IllegalArgumentException with the end of a sentence about the file, if that is no secret
     */
    static String read(Path file) throws IOException {
        // Bounded while it is read: what is named may be a device without an end.
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new IllegalArgumentException("is larger than 64 KiB, too large for a secret");
            }
            String text = new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\R\\z", "");
            if (text.isBlank()) {
                throw new IllegalArgumentException("is empty");
            }
            return text;
        }
    }
}
