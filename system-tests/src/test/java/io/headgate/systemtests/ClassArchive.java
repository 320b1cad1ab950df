package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The classes that a gateway loads until it has committed rows, and its commands with it: mapped from an archive instead of
 * parsed at each start, of which that halves the CPU. Made when the first test starts something, for all that follow in
 * this JVM.
 */
final class ClassArchive {
    private static final String TABLE = "main.archive.classes";

    private static @Nullable Path made;

    private ClassArchive() {}

    /** What has a gateway on the JDK of the tests use it. Any thread. */
    static synchronized String flag() throws IOException, InterruptedException {
        Path archive = made;
        if (archive == null) {
            archive = make();
            made = archive;
        }
        return "-XX:SharedArchiveFile=" + archive;
    }

    private static Path make() throws IOException, InterruptedException {
        Path directory = Path.of("target", "class-archive").toAbsolutePath();
        Commands.run("rm", "-rf", directory.toString());
        Path archive = directory.resolve("classes.jsa");
        try (HeadgateProgram program = new HeadgateProgram(directory).quick()) {
            program.createTable(TABLE, "id STRING NOT NULL");
            String token = program.token("device", TABLE);
            program.quick(making(archive)).start();
            program.insert(TABLE, token, "{\"id\":\"a\"}");
            assertEquals(0, program.terminate());
        }
        assertTrue(Files.exists(archive), archive + " was not made");
        return archive;
    }

    /** The launcher may have the JVM use an archive of its own; only the later flag then comes in its place. */
    private static String making(Path archive) {
        return Runtime.version().feature() < 19
                ? "-Xlog:cds*=off:stderr -XX:ArchiveClassesAtExit=" + archive
                : "-Xlog:cds*=off:stderr -Xlog:aot*=off:stderr -XX:+AutoCreateSharedArchive -XX:SharedArchiveFile="
                        + archive;
    }
}
