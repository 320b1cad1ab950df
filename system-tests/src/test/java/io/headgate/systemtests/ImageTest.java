package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image of the Dockerfile, built by its own instructions and run as an engine would run it, but without one. Where the
 * machine does not allow for that the test is skipped, unless {@code -Dheadgate.image=required} is given, as CI does.
 */
@Tag("slow")
class ImageTest {
    private static final long IMAGE_BYTES_MAX = 160_000_000;
    private static final String TABLE = "main.fleet.telemetry";

    /** Besides what the gateway keeps there, nothing is left on the volume. */
    private static final Set<String> ON_THE_VOLUME =
            Set.of("headgate.yaml", "issuer.jwk", "receipt.key", "client.json", "log", "tables");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path work;

    private static Dockerfile dockerfile;
    private static Path image;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final Map<String, String> environment = new TreeMap<>();
    private final int port = HeadgateProgram.freePort();
    private final int managementPort = HeadgateProgram.freePort();
    private Path volume;

    @BeforeAll
    static void build() throws Exception {
        Path context = HeadgateProgram.launcher().getParent().toRealPath();
        dockerfile = Dockerfile.read(context.resolve("Dockerfile"));
        String obstacle = ImageBuild.obstacle(dockerfile);
        if ("required".equals(System.getProperty("headgate.image"))) {
            assertEquals("", obstacle);
        }
        Assumptions.assumeTrue(obstacle.isEmpty(), obstacle);
        image = new ImageBuild(context, work.toRealPath()).run(dockerfile);
    }

    /** A new volume begins as what the image has in its place, as Docker does it; its owner above all. */
    @BeforeEach
    void prepare() throws Exception {
        volume = directory.resolve("volume");
        Commands.run("cp", "-a", image + dockerfile.image().last("VOLUME"), volume.toString());
        environment.put("HEADGATE_HTTP_PORT", String.valueOf(port));
        environment.put("HEADGATE_MANAGEMENT_PORT", String.valueOf(managementPort));
    }

    @Test
    void aContainerTakesRowsOnAReadOnlyRootAndDrainsOnSigterm() throws Exception {
        long started = System.nanoTime();
        try (Container container = run("quickstart", "--data", ".")) {
            awaitReady(container);
            System.out.println(
                    "image ready after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started) + " ms");
            isConfined(container);
            assertEquals(0, container.healthCheck(environment), container::output);
            assertEquals(200, insert(token(container)));
            assertEquals(0, container.stop(), container::output);
            String output = container.output();
            assertTrue(output.contains("event loops on epoll"), output);
            assertFalse(output.contains("\"level\":\"warn\"") || output.contains("\"level\":\"error\""), output);
        }
        assertEquals(1, rows());
        assertEquals(Set.of(), leftOnTheVolume());
    }

    /** Checkpoints go through most of Kernel and Parquet: the parts of the program that most needs to be there for. */
    @Test
    void aContainerWritesAndReadsCheckpoints() throws Exception {
        environment.put("HEADGATE_COMMIT_INTERVAL", "100ms");
        Path checkpoint = table().resolve("_delta_log/_last_checkpoint");
        int inserted = 0;
        try (Container container = run("quickstart", "--data", ".")) {
            awaitReady(container);
            String token = token(container);
            long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            for (; !Files.exists(checkpoint) && System.nanoTime() < deadline; inserted++) {
                assertEquals(200, insert(token));
                long expected = inserted + 1L;
                Eventually.holds("the row", Duration.ofSeconds(15), () -> rows() == expected);
            }
            assertTrue(Files.exists(checkpoint), container::output);
            assertTrue(
                    container.proc("maps").contains("/lib/native/libzstd-jni-"), "zstd is not the one that lies ready");
            assertEquals(0, container.stop(), container::output);
        }
        // Without the files that the checkpoint stands for, so that it must be read.
        deleteCommitsBefore(checkpoint);
        assertEquals(inserted, rowsByCommand(inserted));
        try (Container container = run()) {
            awaitReady(container);
            assertEquals(200, insert(tokenByCommand()));
            assertEquals(0, container.stop(), container::output);
        }
        assertEquals(inserted + 1, rowsByCommand(inserted + 1));
        assertEquals(Set.of(), leftOnTheVolume());
    }

    @Test
    void theHealthCheckFailsWhereNobodyAnswers() throws Exception {
        try (Container container = run("quickstart", "--data", ".")) {
            awaitReady(container);
            assertNotEquals(
                    0,
                    container.healthCheck(
                            Map.of("HEADGATE_MANAGEMENT_PORT", String.valueOf(HeadgateProgram.freePort()))));
            assertEquals(0, container.stop(), container::output);
        }
    }

    @Test
    void theImageStaysSmall() throws Exception {
        try (Stream<Path> files = Files.walk(image)) {
            Map<String, Long> sizes = new TreeMap<>();
            for (Path file : files.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                Path path = image.relativize(file);
                String part = path.startsWith("opt/headgate") && path.getNameCount() > 3
                        ? path.subpath(0, 3).toString()
                        : path.startsWith("opt") ? "opt/headgate" : "base";
                sizes.merge(part, Files.size(file), Long::sum);
            }
            long bytes = sizes.values().stream().mapToLong(Long::longValue).sum();
            System.out.println("image of " + bytes + " bytes: " + sizes);
            assertTrue(bytes <= IMAGE_BYTES_MAX, bytes + " bytes: " + sizes);
        }
    }

    @Test
    void theImageSaysWhatItIs() {
        Dockerfile.Stage stage = dockerfile.image();
        assertEquals("65532:65532", stage.last("USER"), "by number, or Kubernetes cannot tell that it is not root");
        assertEquals("8080 9090", stage.last("EXPOSE"));
        assertEquals(List.of("serve"), Container.words(stage.last("CMD")));
        Map<String, String> labels = stage.pairs("LABEL");
        for (String label : List.of("title", "description", "licenses", "version", "revision")) {
            assertTrue(labels.containsKey("org.opencontainers.image." + label), labels.toString());
        }
    }

    private Container run(String... arguments) throws IOException {
        return new Container(
                dockerfile.image(), image, volume, directory.resolve("container.log"), environment, arguments);
    }

    private static void isConfined(Container container) throws IOException {
        String status = container.proc("status");
        assertTrue(status.matches("(?s).*\nNSpid:\\s+\\d+\\s+1\n.*"), status);
        assertTrue(status.contains("\nUid:\t65532\t65532\t65532\t65532\n"), status);
        assertTrue(status.contains("\nCapEff:\t0000000000000000\n"), status);
        String root = container
                .proc("mountinfo")
                .lines()
                .filter(line -> line.split(" ", 7)[4].equals("/"))
                .reduce((first, second) -> second)
                .orElseThrow();
        assertTrue(root.split(" ", 7)[5].startsWith("ro"), root);
        String mapped = container.proc("maps");
        assertTrue(mapped.contains("/lib/native/libnetty_transport_native_epoll"), mapped);
        assertTrue(mapped.contains("/runtime/lib/server/classes.jsa"), mapped);
    }

    private void awaitReady(Container container) {
        Eventually.holds("ready", Duration.ofMinutes(2), () -> {
            assertTrue(container.isAlive(), container::output);
            try {
                return new GatewayClient(Contract.MANAGEMENT, managementPort)
                                .send("GET", "/health/ready", Map.of(), "")
                                .statusCode()
                        == 200;
            } catch (IOException e) {
                return false;
            }
        });
    }

    private int insert(String token) throws IOException, InterruptedException {
        return new GatewayClient(Contract.INGEST, port)
                .send(
                        "POST",
                        HeadgateProgram.insertPath(TABLE),
                        Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json"),
                        "[{\"device_id\":\"pump-7\",\"temp\":21.5}]")
                .statusCode();
    }

    /** The token in what quickstart printed. */
    private static String token(Container container) {
        Pattern printed = Pattern.compile("Authorization: Bearer ([^']+)'");
        Eventually.holds(
                "the token is printed",
                Duration.ofSeconds(15),
                () -> printed.matcher(container.output()).find());
        Matcher match = printed.matcher(container.output());
        assertTrue(match.find());
        return match.group(1);
    }

    private String tokenByCommand() throws Exception {
        List<String> lines = command("token", "create", "--subject", "s", "--table", TABLE);
        return lines.get(lines.size() - 1);
    }

    private long rowsByCommand(int limit) throws Exception {
        return command("table", "rows", TABLE, "--limit", String.valueOf(limit + 1)).stream()
                .filter(line -> line.contains("\"device_id\""))
                .count();
    }

    /** Runs one command in a container of its own beside the gateway's; the lines that it printed. */
    private List<String> command(String... arguments) throws Exception {
        Path log = directory.resolve("command.log");
        Files.deleteIfExists(log);
        try (Container container = new Container(dockerfile.image(), image, volume, log, environment, arguments)) {
            assertEquals(0, container.waitFor(), container::output);
            return container.output().lines().toList();
        }
    }

    private Path table() {
        return volume.resolve("tables/main/fleet/telemetry");
    }

    private long rows() throws Exception {
        return new DeltaFiles(table()).count();
    }

    private void deleteCommitsBefore(Path lastCheckpoint) throws IOException {
        Matcher version = Pattern.compile("\"version\":(\\d+)").matcher(Files.readString(lastCheckpoint));
        assertTrue(version.find());
        long kept = Long.parseLong(version.group(1));
        try (Stream<Path> files = Files.list(lastCheckpoint.getParent())) {
            for (Path file : files.toList()) {
                Matcher commit = Pattern.compile("(\\d{20})\\.json")
                        .matcher(file.getFileName().toString());
                if (commit.matches() && Long.parseLong(commit.group(1)) < kept) {
                    Files.delete(file);
                }
            }
        }
    }

    private Set<String> leftOnTheVolume() throws IOException {
        try (Stream<Path> files = Files.list(volume)) {
            Set<String> names = new TreeSet<>(
                    files.map(file -> file.getFileName().toString()).toList());
            names.removeAll(ON_THE_VOLUME);
            return names;
        }
    }
}
