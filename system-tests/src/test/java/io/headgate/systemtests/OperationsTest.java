package io.headgate.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.headgate.model.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does with the program. */
class OperationsTest {
    private static final String TABLE = "main.fleet.telemetry";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void quickstartEndsWithARowInATable() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory).asShipped()) {
            Path data = directory.resolve("data");
            program.quickstart(data);
            String token = curl(program);
            Path table = data.resolve("tables/main/fleet/telemetry");
            Eventually.holds("the row", Duration.ofSeconds(15), () -> new DeltaFiles(table).count() == 1);
            HeadgateProgram.Result rows = program.run(
                            "table",
                            "rows",
                            TABLE,
                            "--limit",
                            "5",
                            "--config",
                            data.resolve("headgate.yaml").toString())
                    .ok();
            assertEquals(1, rows.lines().size());
            assertTrue(rows.out().contains("\"device_id\""), rows.out());
            assertEquals(0, program.terminate());

            program.quickstart(data);
            program.insert(TABLE, token, "[{\"device_id\":\"again\"}]");
            assertEquals(0, program.terminate());
            assertEquals(2, new DeltaFiles(table).count());
            assertEquals(2, readAsTheReadmeSays(table));
        }
    }

    /** Runs the README's SQL on {@code table}; the number of rows that its last statement yields. */
    private static int readAsTheReadmeSays(Path table) throws Exception {
        String readme = Files.readString(HeadgateProgram.launcher().resolveSibling("README.md"));
        Matcher sql = Pattern.compile("```sql\\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertTrue(sql.find());
        int rows = 0;
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET autoinstall_known_extensions = false");
            String here = sql.group(1).replace("headgate-data/tables/main/fleet/telemetry", table.toString());
            for (String each : here.split(";\\n", -1)) {
                if (!each.isBlank() && statement.execute(each)) {
                    try (ResultSet result = statement.getResultSet()) {
                        for (rows = 0; result.next(); rows++) {
                            assertTrue(result.getString("device_id") != null);
                        }
                    }
                }
            }
        }
        return rows;
    }

    /** Runs the curl line that quickstart printed, as printed; returns its token. */
    private static String curl(HeadgateProgram program) throws Exception {
        Pattern printed = Pattern.compile("^\\s*(curl .*(?:\\\\\\n.*)*)", Pattern.MULTILINE);
        Eventually.holds(
                "the curl line",
                Duration.ofSeconds(10),
                () -> printed.matcher(Files.readString(program.log())).find());
        Matcher line = printed.matcher(Files.readString(program.log()));
        assertTrue(line.find());
        Process curl = new ProcessBuilder("bash", "-c", line.group(1) + " -s -o /dev/null -w '%{http_code}'")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(
                "200",
                new String(curl.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip());
        assertEquals(0, curl.waitFor());
        Matcher token = Pattern.compile("Bearer ([A-Za-z0-9._-]+)").matcher(line.group(1));
        assertTrue(token.find());
        return token.group(1);
    }

    @Test
    void drainingUnderLoadCommitsEverythingAcked() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            program.createTable(TABLE, "id STRING NOT NULL");
            program.start();
            String token = program.token("device-1", TABLE);
            Set<String> acked = ConcurrentHashMap.newKeySet();
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong next = new AtomicLong();
            ExecutorService clients = Executors.newFixedThreadPool(4);
            for (int i = 0; i < 4; i++) {
                clients.execute(() -> {
                    while (!stop.get()) {
                        String id = "r" + next.incrementAndGet();
                        try {
                            if (program.post(TABLE, token, "{\"id\":\"" + id + "\"}")
                                            .statusCode()
                                    == 200) {
                                acked.add(id);
                            }
                        } catch (IOException | InterruptedException e) {
                            return; // the gateway is gone
                        }
                    }
                });
            }
            Eventually.holds("some load", Duration.ofSeconds(20), () -> acked.size() > 500);
            assertEquals(0, program.terminate());
            stop.set(true);
            clients.shutdown();
            assertTrue(clients.awaitTermination(30, TimeUnit.SECONDS));
            Set<String> found = Set.copyOf(new DeltaFiles(program.tableDirectory(TABLE)).values("id"));
            assertTrue(found.containsAll(acked), "acked rows are missing after a drain");
        }
    }

    @Test
    void drainingWithItsStorageGoneEndsInOrderAndTheLogKeepsTheRows() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            program.createTable(TABLE, "id STRING NOT NULL");
            program.start();
            String token = program.token("device-1", TABLE);
            program.insert(TABLE, token, "{\"id\":\"a\"}");
            program.awaitRows(TABLE, 1);
            Path tables = directory.resolve("tables");
            Path away = directory.resolve("away");
            Files.move(tables, away);
            program.insert(TABLE, token, "{\"id\":\"b\"}");
            assertEquals(0, program.terminate());
            Files.move(away, tables);
            program.start();
            program.awaitRows(TABLE, 2);
        }
    }

    @Test
    void theWholeDirectoryMayBeMovedWithRowsPending() throws Exception {
        Path before = directory.resolve("before");
        Path after = directory.resolve("after");
        try (HeadgateProgram program = new HeadgateProgram(before, Jdks.current(), "commit: { interval: 1h }\n")) {
            program.createTable(TABLE, "id STRING NOT NULL");
            program.start();
            program.insert(TABLE, program.token("device-1", TABLE), "{\"id\":\"a\"}");
            program.kill();
        }
        Files.move(before, after);
        try (HeadgateProgram program = new HeadgateProgram(after)) {
            program.start();
            program.awaitRows(TABLE, 1);
        }
    }

    @Test
    void aSecondProcessOnTheSameDataIsRefused() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            program.start();
            Path other = directory.resolve("other.yaml");
            Files.writeString(
                    other,
                    "http: { port: " + HeadgateProgram.freePort() + " }\nmanagement: { port: "
                            + HeadgateProgram.freePort() + " }\n");
            HeadgateProgram.Result second = program.run("serve", "--config", other.toString());
            assertEquals(6, second.exitCode(), second.err());
            assertTrue(second.err().contains("process"), second.err());
        }
    }

    @Test
    void healthMetricsAndContractAreServedToOperators() throws Exception {
        try (HeadgateProgram program = new HeadgateProgram(directory)) {
            program.createTable(TABLE, "id STRING NOT NULL");
            program.start();
            String token = program.token("device-1", TABLE);
            program.insert(TABLE, token, "{\"id\":\"a\"}");
            for (String path : List.of(
                    "/",
                    "/health/live",
                    "/health/ready",
                    "/docs",
                    "/docs/docs.js",
                    "/docs/swagger-ui.css",
                    "/docs/swagger-ui-bundle.js")) {
                assertEquals(200, program.management(path).statusCode(), path);
            }
            String contract = program.management("/openapi.yaml").body();
            assertEquals(Files.readString(HeadgateProgram.launcher().resolveSibling("openapi.yaml")), contract);
            Eventually.holds("the commit is counted", Duration.ofSeconds(20), () -> {
                String metrics = program.management("/metrics").body();
                return metrics.lines()
                        .anyMatch(line -> line.startsWith("headgate_commit_rows_total{")
                                && line.contains(TABLE)
                                && line.endsWith(" 1.0"));
            });
            String metrics = program.management("/metrics").body();
            for (String name : new String[] {
                "headgate_http_requests_total",
                "headgate_ack_latency_seconds",
                "headgate_log_group_appends",
                "headgate_log_force_latency_seconds",
                "headgate_log_size_bytes",
                "headgate_commit_lag_seconds"
            }) {
                assertTrue(metrics.contains(name), name + " is not in\n" + metrics);
            }
        }
    }

    @Test
    void moreConnectionsThanFileHandlesEndNothing() throws Exception {
        String small = "log: { segment-bytes: 4MiB }\nlimits: { max-entry-bytes: 1MiB }\n";
        String row = "[{\"device_id\":\"" + "x".repeat(1_000_000) + "\"}]";
        try (HeadgateProgram program = new HeadgateProgram(directory, Jdks.current(), small).asShipped()) {
            program.createTable(TABLE, "device_id STRING NOT NULL");
            String token = program.token("device", TABLE);
            program.startWithFileHandles(400);
            program.insert(TABLE, token, row);
            int acked = 1;
            List<SocketChannel> flood = new ArrayList<>();
            try {
                for (int i = 0; i < 600; i++) {
                    flood.add(SocketChannel.open(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), program.port())));
                }
                long handles;
                try (Stream<Path> open =
                        Files.list(Path.of("/proc/" + program.gateway().pid() + "/fd"))) {
                    handles = open.count();
                }
                assertTrue(handles < 400, handles + " file handles are in use");
                // On the connection from before, and enough for more segments than were prepared.
                for (int i = 0; i < 12; i++) {
                    int status = program.post(TABLE, token, row).statusCode();
                    assertTrue(status == 200 || status == 503, () -> "status " + status);
                    acked += status == 200 ? 1 : 0;
                }
            } finally {
                for (SocketChannel connection : flood) {
                    connection.close();
                }
            }
            Eventually.holds(
                    "accepts again",
                    Duration.ofSeconds(15),
                    () -> program.post(TABLE, token, row).statusCode() == 200);
            program.awaitRows(TABLE, acked + 1);
            assertEquals(0, program.terminate());
            String log = Files.readString(program.log());
            assertFalse(log.contains("Too many open files"), log);
        }
    }
}
