package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.model.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The packaged program on a directory of its own: its commands, and one gateway process at a time. */
final class HeadgateProgram implements AutoCloseable {
    /** What a gateway ends with when its log failed. */
    static final int GATEWAY_FAILED = 8;

    private static final String JAVA_OPTS = "HEADGATE_JAVA_OPTS";
    private static final String QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";
    // Below those that systems give to connections, one of which could have it before the gateway does.
    private static final int FIRST_PORT = 12_000;
    private static final int PORTS = 20_000;
    private static final Set<Integer> HANDED_OUT = ConcurrentHashMap.newKeySet();
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration ROWS_TIMEOUT = Duration.ofSeconds(45);

    private final Path directory;
    private final Path javaHome;
    private final Map<String, String> environment = new HashMap<>();
    private final int port = freePort();
    private final int managementPort = freePort();
    private final GatewayClient ingest = new GatewayClient(Contract.INGEST, port);
    private final GatewayClient management = new GatewayClient(Contract.MANAGEMENT, managementPort);
    private Path launcher = launcher();
    private List<String> prefix = List.of();
    private @Nullable MountSpace mounts;
    private @Nullable Process gateway;

    /** What a command printed and how it ended. */
    record Result(int exitCode, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }

        Result ok() {
            if (exitCode != 0) {
                throw new AssertionError("exit code " + exitCode + "\n" + out + "\n" + err);
            }
            return this;
        }
    }

    HeadgateProgram(Path directory) throws IOException {
        this(directory, Jdks.current(), "");
    }

    /** @param moreConfig YAML appended to the configuration file */
    HeadgateProgram(Path directory, Path javaHome, String moreConfig) throws IOException {
        this.directory = directory;
        this.javaHome = javaHome;
        Files.createDirectories(directory);
        Files.writeString(config(), """
                http: { host: 127.0.0.1, port: %d }
                management: { host: 127.0.0.1, port: %d }
                """.formatted(port, managementPort) + moreConfig);
    }

    /** Runs another launcher than the one at the root of the checkout. */
    HeadgateProgram launchedBy(Path other) {
        launcher = other;
        return this;
    }

    /** Sets a variable for all that is run from now on. */
    HeadgateProgram with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Has it run as it does for users: tests that measure. All others start with a quarter of the CPU. */
    HeadgateProgram asShipped() {
        return with(JAVA_OPTS, "");
    }

    /** Has it start with half of the CPU and these flags, which come in the place of an archive of classes. */
    HeadgateProgram quick(String... flags) {
        return with(JAVA_OPTS, QUICK + " " + String.join(" ", flags));
    }

    /** Runs all from now on where these mounts are. */
    HeadgateProgram in(MountSpace space) {
        mounts = space;
        prefix = space.prefix();
        return this;
    }

    /** A port that nobody listens at, another one each time, however many tests run at once. */
    static int freePort() {
        for (int attempt = 0; attempt < PORTS; attempt++) {
            int port = FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
            if (HANDED_OUT.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("No port from " + FIRST_PORT + " to " + (FIRST_PORT + PORTS - 1) + " is free");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path config() {
        return directory.resolve("headgate.yaml");
    }

    Path directory() {
        return directory;
    }

    /** Where others read a table, through the mounts if there are any. */
    Path tableDirectory(String table) {
        Path path = directory.resolve("tables").resolve(table.replace('.', '/'));
        return mounts == null ? path : mounts.seen(path);
    }

    int port() {
        return port;
    }

    int managementPort() {
        return managementPort;
    }

    /** The launcher at the root of the checkout. */
    static Path launcher() {
        return Path.of(System.getProperty("headgate.root")).resolve("headgate");
    }

    /** An archive of classes fits one JDK and one place of the jars alone. */
    private String javaOpts() throws IOException, InterruptedException {
        boolean fits = launcher.equals(launcher()) && javaHome.equals(Jdks.current());
        return fits ? QUICK + " " + ClassArchive.flag() : QUICK;
    }

    private ProcessBuilder command(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.add(launcher.toAbsolutePath().toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put("HEADGATE_JAVA_HOME", javaHome.toString());
        if (!environment.containsKey(JAVA_OPTS)) {
            builder.environment().put(JAVA_OPTS, javaOpts());
        }
        builder.environment().putAll(environment);
        return builder;
    }

    /** Runs a command to its end. */
    Result run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "command", ".out");
        Path err = Files.createTempFile(directory, "command", ".err");
        Process process = command(List.of(arguments))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(COMMAND_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("headgate " + String.join(" ", arguments) + " did not end\n"
                    + Files.readString(out) + Files.readString(err));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Runs a command with our configuration. */
    Result runConfigured(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--config");
        all.add(config().toString());
        return run(all.toArray(String[]::new));
    }

    void createTable(String name, String columns) throws IOException, InterruptedException {
        runConfigured("table", "create", name, "--columns", columns).ok();
    }

    void createTable(String name, String columns, String partitionBy) throws IOException, InterruptedException {
        runConfigured("table", "create", name, "--columns", columns, "--partition-by", partitionBy)
                .ok();
    }

    /** A token for some tables, as the command prints it. */
    String token(String subject, String... tables) throws IOException, InterruptedException {
        return token(List.of("token", "create", "--subject", subject), tables);
    }

    /** The same with a column that is to hold the subject alone. */
    String pinnedToken(String subject, String column, String... tables) throws IOException, InterruptedException {
        return token(List.of("token", "create", "--subject", subject, "--pin", column), tables);
    }

    private String token(List<String> command, String... tables) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(command);
        for (String table : tables) {
            arguments.add("--table");
            arguments.add(table);
        }
        List<String> lines =
                runConfigured(arguments.toArray(String[]::new)).ok().lines();
        return lines.get(lines.size() - 1);
    }

    /** Makes a service principal, to be known from the next start on. The configuration must end within {@code auth}. */
    ServicePrincipalLogin createClient(String id, String... tables) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("client", "create", "--id", id));
        for (String table : tables) {
            arguments.addAll(List.of("--table", table));
        }
        List<String> lines =
                runConfigured(arguments.toArray(String[]::new)).ok().lines();
        Files.writeString(
                config(), "  service-principals:\n" + lines.get(lines.size() - 1) + "\n", StandardOpenOption.APPEND);
        String secret = lines.get(lines.size() - 2);
        return new ServicePrincipalLogin(ingest, id, secret.substring(secret.indexOf(": ") + 2));
    }

    Path log() {
        return directory.resolve("gateway.log");
    }

    /** Starts the gateway without waiting. */
    Process launch(String... arguments) throws IOException, InterruptedException {
        if (gateway != null && gateway.isAlive()) {
            throw new IllegalStateException("A gateway runs already");
        }
        Process process = command(List.of(arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        gateway = process;
        return process;
    }

    Process launchServe() throws IOException, InterruptedException {
        return launch("serve", "--config", config().toString());
    }

    /** Starts the gateway with its stderr in a file of its own, waits until it is ready, and names that file. */
    Path startWithStderr() throws IOException, InterruptedException {
        Path stderr = directory.resolve("gateway.err");
        gateway = command(List.of("serve", "--config", config().toString()))
                .redirectOutput(log().toFile())
                .redirectError(stderr.toFile())
                .start();
        awaitReady();
        return stderr;
    }

    /** Starts the gateway in a shell that gives it no more than so many file handles, and waits until it is ready. */
    HeadgateProgram startWithFileHandles(int fileHandles) throws IOException, InterruptedException {
        ProcessBuilder builder = command(List.of("serve", "--config", config().toString()));
        List<String> limited = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + fileHandles + "; exec \"$@\"", "sh"));
        limited.addAll(builder.command());
        gateway = builder.command(limited)
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
        awaitReady();
        return this;
    }

    /** Starts the gateway and waits until it says that it is ready. */
    HeadgateProgram start() throws IOException, InterruptedException {
        launchServe();
        awaitReady();
        return this;
    }

    /** Starts a quickstart and waits until it is ready. */
    HeadgateProgram quickstart(Path data) throws IOException, InterruptedException {
        launch(
                "quickstart",
                "--port",
                String.valueOf(port),
                "--management-port",
                String.valueOf(managementPort),
                "--data",
                data.toString());
        awaitReady();
        return this;
    }

    void awaitReady() throws IOException {
        Eventually.holds(
                "ready",
                READY_TIMEOUT,
                () -> !gateway().isAlive() || management("/health/ready").statusCode() == 200);
        if (!gateway().isAlive()) {
            throw new AssertionError("The gateway ended:\n" + Files.readString(log()));
        }
    }

    Process gateway() {
        Process process = gateway;
        if (process == null) {
            throw new IllegalStateException("No gateway was started");
        }
        return process;
    }

    /** kill -9. */
    void kill() {
        gateway().destroyForcibly().onExit().join();
    }

    /** SIGTERM; the exit code. */
    int terminate() throws IOException, InterruptedException {
        gateway().destroy();
        return awaitEnd();
    }

    /** Waits until the gateway has ended; the exit code. */
    int awaitEnd() throws IOException, InterruptedException {
        if (!gateway().waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("The gateway did not end:\n" + Files.readString(log()));
        }
        return gateway().exitValue();
    }

    /** What readiness says. */
    String ready() throws IOException, InterruptedException {
        return management("/health/ready").body();
    }

    /** Waits until readiness says that a table does not commit. */
    void awaitDegraded(String table) {
        Eventually.holds(
                "degraded",
                READY_TIMEOUT,
                () -> ready().contains("tables that do not commit") && ready().contains(table));
    }

    /** Waits until readiness has nothing to say. */
    void awaitNoTrouble() {
        Eventually.holds("all is well again", READY_TIMEOUT, () -> !ready().contains("message"));
    }

    /** The port for devices. */
    GatewayClient ingest() {
        return ingest;
    }

    /** Posts JSON as a device does. */
    HttpResponse<String> post(String table, String token, String body) throws IOException, InterruptedException {
        return ingest.send(
                "POST",
                insertPath(table),
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json"),
                body);
    }

    /** The same, under a key. */
    HttpResponse<String> post(String table, String token, String key, String body)
            throws IOException, InterruptedException {
        return ingest.send(
                "POST", insertPath(table), Map.of("Authorization", "Bearer " + token, "Idempotency-Key", key), body);
    }

    /**
     * Posts JSON that may be none, or no records as the contract has them.
     *
     * @param query behind the path, from its question mark on
     */
    HttpResponse<String> postWrong(String table, String token, String query, String body)
            throws IOException, InterruptedException {
        return ingest.postWrong(
                insertPath(table) + query,
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json"),
                BodyPublishers.ofString(body));
    }

    static String insertPath(String table) {
        return "/zerobus/v1/tables/" + table + "/insert";
    }

    /** Posts rows, which must be taken. */
    void insert(String table, String token, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(table, token, body);
        assertEquals("200 {}", answer.statusCode() + " " + answer.body());
    }

    /** Waits until somebody else reads exactly so many rows in the table, and returns its view of it. */
    DeltaFiles awaitRows(String table, long count) {
        DeltaFiles files = new DeltaFiles(tableDirectory(table));
        Eventually.holds(count + " rows in " + table, ROWS_TIMEOUT, () -> files.count() == count);
        return files;
    }

    /** Asks what operators ask. */
    HttpResponse<String> management(String path) throws IOException, InterruptedException {
        return management.send("GET", path, Map.of(), "");
    }

    /** Ends what still runs; fails if anything was sent or answered that the contract does not know. */
    @Override
    public void close() {
        if (gateway != null && gateway.isAlive()) {
            kill();
        }
        ingest.assertNoDeviations();
        management.assertNoDeviations();
    }
}
