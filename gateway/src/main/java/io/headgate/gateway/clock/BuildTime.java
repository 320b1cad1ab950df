package io.headgate.gateway.clock;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.jar.JarFile;

/** When this program was built, as its jar says. */
public final class BuildTime {
    private static final String ATTRIBUTE = "Build-Time";

    private BuildTime() {}

    /** Empty where we do not run from our jar. */
    public static Optional<Instant> read() {
        CodeSource source = BuildTime.class.getProtectionDomain().getCodeSource();
        try {
            Path place =
                    source == null ? Path.of("") : Path.of(source.getLocation().toURI());
            return Files.isRegularFile(place) ? in(place) : Optional.empty();
        } catch (IOException | URISyntaxException | DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> in(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return Optional.ofNullable(file.getManifest())
                    .map(manifest -> manifest.getMainAttributes().getValue(ATTRIBUTE))
                    .map(Instant::parse);
        }
    }
}
