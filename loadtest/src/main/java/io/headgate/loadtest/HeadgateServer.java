package io.headgate.loadtest;

import io.headgate.schema.Column;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Headgate, as its users run it: with its defaults, a table for each shape of record, and an access log that is off. */
final class HeadgateServer extends MeasuredServer {
    private static final int OK = 200;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path configuration;
    private final int managementPort;
    private final Set<String> tables = new HashSet<>();
    private final Map<String, String> tokens = new HashMap<>();

    private HeadgateServer(
            String name,
            Path directory,
            Path configuration,
            Map<String, String> environment,
            int port,
            int managementPort)
            throws IOException {
        super(name, directory, port, environment, List.of("./headgate", "serve", "--config", configuration.toString()));
        this.configuration = configuration;
        this.managementPort = managementPort;
    }

    /**
     * Starts it. Tables and tokens are made when they are asked for.
     *
     * @param name of it and of its directory
     * @param environment of its process, what it inherits aside
     */
    static HeadgateServer start(
            String name, Path directory, Map<String, String> environment, int port, int managementPort)
            throws IOException {
        Path data = Files.createDirectory(directory.resolve(name));
        Path configuration = Files.writeString(
                data.resolve("headgate.yaml"),
                "http: { port: " + port + " }\nmanagement: { port: " + managementPort
                        + " }\nlogging: { access: off }\n");
        return new HeadgateServer(name, directory, configuration, environment, port, managementPort);
    }

    private static List<String> command(Path configuration, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("./headgate"));
        command.addAll(arguments);
        command.addAll(List.of("--config", configuration.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + lines);
        }
        return lines;
    }

    @Override
    boolean isReady() throws InterruptedException {
        try {
            return management("/health/ready").statusCode() == OK;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpResponse<String> management(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + Requests.HOST + ":" + managementPort + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The metric with exactly this name and these labels, as a scrape has them; 0 if there is none. */
    double metric(String nameAndLabels) throws IOException, InterruptedException {
        return management("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(nameAndLabels + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(nameAndLabels.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    /** How long forces of the log took until now, in seconds. */
    Buckets forces() throws IOException, InterruptedException {
        return Buckets.of(management("/metrics").body(), "headgate_log_force_latency_seconds");
    }

    /** The directory of a workload's first table. */
    Path directory(Workload workload) {
        return configuration.resolveSibling("tables").resolve(table(workload, 0).replace('.', '/'));
    }

    /** Waits until all that was acked is in its tables. */
    void awaitCommitted() throws IOException, InterruptedException {
        if (!comesTrue(() -> metric("headgate_log_oldest_uncommitted_seconds") == 0)) {
            throw new IOException(name() + " does not commit what it has acked");
        }
    }

    int managementPort() {
        return managementPort;
    }

    @Override
    List<String> head(Workload workload, int table) throws IOException, InterruptedException {
        List<String> head = new ArrayList<>(List.of(
                "/zerobus/v1/tables/" + table(workload, table) + "/insert"
                        + (workload.broken() ? "?accept_partial=true" : ""),
                "Content-Type: application/json",
                "Authorization: Bearer " + token(workload, table)));
        if (workload.gzip()) {
            head.add("Content-Encoding: gzip");
        }
        return head;
    }

    private static String table(Workload workload, int number) {
        return "main.fleet." + workload.shape().name().toLowerCase(Locale.ROOT) + "_" + number;
    }

    private String token(Workload workload, int number) throws IOException, InterruptedException {
        String table = table(workload, number);
        String key = table + " " + workload.grants();
        String made = tokens.get(key);
        if (made == null) {
            createTable(table, workload.shape());
            List<String> arguments = new ArrayList<>(List.of("token", "create", "--subject", "load", "--table", table));
            for (int i = 1; i < workload.grants(); i++) {
                arguments.addAll(List.of("--table", table + "_" + i));
            }
            List<String> lines = command(configuration, arguments);
            made = lines.get(lines.size() - 1);
            tokens.put(key, made);
        }
        return made;
    }

    private void createTable(String table, RecordShape shape) throws IOException, InterruptedException {
        if (tables.add(table)) {
            String columns = shape.schema().columns().stream()
                    .map(HeadgateServer::definition)
                    .collect(Collectors.joining(", "));
            command(configuration, List.of("table", "create", table, "--columns", columns));
        }
    }

    private static String definition(Column column) {
        return column.name() + " " + column.type().sqlName() + (column.nullable() ? "" : " NOT NULL");
    }
}
