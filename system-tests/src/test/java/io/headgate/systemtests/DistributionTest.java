package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The archive that users download, unpacked anywhere. */
class DistributionTest {
    private static final String TABLE = "main.fleet.telemetry";

    @TempDir
    static Path unpacked;

    private static Path home;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @BeforeAll
    static void unpack() throws Exception {
        // With a space and a quote in the path, as users have them.
        Path to = Files.createDirectories(unpacked.resolve("John's files"));
        Commands.run("tar", "xzf", archive().toString(), "-C", to.toString());
        home = to.resolve(archive().getFileName().toString().replace(".tar.gz", ""));
    }

    static Path archive() throws IOException {
        Path target = HeadgateProgram.launcher().resolveSibling("gateway/target");
        try (Stream<Path> files = Files.list(target)) {
            List<Path> archives =
                    files.filter(file -> file.toString().endsWith(".tar.gz")).toList();
            assertEquals(1, archives.size(), "archives in " + target + ": " + archives);
            return archives.get(0);
        }
    }

    @Test
    void quickstartOfTheUnpackedArchiveEndsWithARowInATable() throws Exception {
        try (HeadgateProgram program =
                new HeadgateProgram(directory).asShipped().launchedBy(home.resolve("headgate"))) {
            Path data = directory.resolve("data");
            program.quickstart(data);
            post(program);
            Eventually.holds("the row", Duration.ofSeconds(15), () -> rows(data) == 1);
            assertEquals(0, program.terminate());
            assertTrue(Files.readString(program.log()).contains("event loops on " + nativeTransport()));
        }
    }

    @Test
    void nioServesWhereNoNativeTransportDoes() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)
                .launchedBy(home.resolve("headgate"))
                .with("HEADGATE_JAVA_OPTS", "-Dio.netty.transport.noNative=true")) {
            Path data = directory.resolve("data");
            program.quickstart(data);
            post(program);
            Eventually.holds("the row", Duration.ofSeconds(15), () -> rows(data) == 1);
            assertEquals(0, program.terminate());
            String log = Files.readString(program.log());
            assertTrue(log.contains("event loops on nio"), log);
            assertTrue(log.contains("There is no native transport for this platform"), log);
        }
    }

    /** Without the jars of other platforms the program would run there too, but slowly: so it takes a look to notice. */
    @Test
    void nativeLibrariesForEachPlatformAreIncluded() throws Exception {
        assertEquals(
                Set.of(
                        "META-INF/native/libnetty_transport_native_epoll_x86_64.so",
                        "META-INF/native/libnetty_transport_native_epoll_aarch_64.so",
                        "META-INF/native/libnetty_transport_native_kqueue_x86_64.jnilib",
                        "META-INF/native/libnetty_transport_native_kqueue_aarch_64.jnilib"),
                entries("META-INF/native/libnetty_transport.*"));
        for (String platform : List.of("linux/amd64", "linux/aarch64", "darwin/x86_64", "darwin/aarch64")) {
            assertEquals(1, entries(platform + "/libzstd-jni-.*").size(), platform);
        }
    }

    /** They would be nearly two thirds of it. */
    @Test
    void hadoopIsNotIncluded() throws Exception {
        assertEquals(Set.of(), entries("org/apache/hadoop/.*"));
    }

    @Test
    void whatBelongsToADistributionIsThere() throws Exception {
        for (String file : List.of("README.md", "CHANGELOG.md", "LICENSE", "openapi.yaml", "docs/ARCHITECTURE.md")) {
            assertEquals(
                    Files.readString(HeadgateProgram.launcher().resolveSibling(file)),
                    Files.readString(home.resolve(file)),
                    file);
        }
        String thirdParty = Files.readString(home.resolve("THIRD-PARTY.txt"));
        for (String jar : foreignJars()) {
            assertTrue(thirdParty.contains(jar), jar + " is not named in THIRD-PARTY.txt");
        }
    }

    /** The same sources make the same bytes: nothing in the archive tells who made it, or when. */
    @Test
    void theArchiveIsReproducible() throws Exception {
        String listing = Commands.run("tar", "tvzf", archive().toString(), "--numeric-owner", "--utc", "--full-time");
        Set<String> origins = listing.lines()
                .map(line -> line.replaceFirst("^.{10} (\\S+) +\\d+ (\\S+ \\S+) .*$", "$1 $2"))
                .collect(Collectors.toSet());
        assertEquals(1, origins.size(), listing);
        assertTrue(origins.iterator().next().startsWith("0/0 "), listing);
    }

    private static void post(HeadgateProgram program) throws Exception {
        Pattern printed = Pattern.compile("Authorization: Bearer ([^']+)'");
        String[] token = new String[1];
        Eventually.holds("the token is printed", Duration.ofSeconds(15), () -> {
            Matcher match = printed.matcher(Files.readString(program.log()));
            boolean found = match.find();
            token[0] = found ? match.group(1) : "";
            return found;
        });
        assertEquals(
                200,
                program.post(TABLE, token[0], "[{\"device_id\":\"pump-7\"}]").statusCode());
    }

    private static long rows(Path data) throws Exception {
        return new DeltaFiles(data.resolve("tables/main/fleet/telemetry")).count();
    }

    private static String nativeTransport() {
        return System.getProperty("os.name").startsWith("Mac") ? "kqueue" : "epoll";
    }

    private static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            return files.toList();
        }
    }

    /** What each jar that is not ours is called, without version and classifier. */
    private static List<String> foreignJars() throws IOException {
        return jars().stream()
                .map(jar -> jar.getFileName().toString())
                .filter(name -> !name.startsWith("headgate"))
                .map(name -> ":" + name.replaceFirst("-\\d.*", "") + " ")
                .toList();
    }

    /** The entries of all jars that match. */
    private static Set<String> entries(String regex) throws IOException {
        Set<String> found = new TreeSet<>();
        for (Path each : jars()) {
            try (JarFile jar = new JarFile(each.toFile())) {
                jar.stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.matches(regex))
                        .forEach(found::add);
            }
        }
        return found;
    }
}
