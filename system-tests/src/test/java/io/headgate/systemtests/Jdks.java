package io.headgate.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The JDKs of this machine. */
final class Jdks {
    private Jdks() {}

    /** The homes of all JDKs found in the usual place, and of the one that runs the tests; each once. */
    static List<Path> installed() throws IOException {
        Set<Path> homes = new TreeSet<>();
        homes.add(current());
        Path usual = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(usual)) {
            try (Stream<Path> each = Files.list(usual)) {
                for (Path home : each.toList()) {
                    if (Files.isExecutable(home.resolve("bin/java"))) {
                        homes.add(home.toRealPath());
                    }
                }
            }
        }
        return List.copyOf(homes);
    }

    static Path current() throws IOException {
        return Path.of(System.getProperty("java.home")).toRealPath();
    }
}
