package io.headgate.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.headgate.auth.Issuer;
import io.headgate.delta.DirectoryCatalog;
import io.headgate.delta.TableCreator;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.model.Eventually;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import io.headgate.schema.ColumnType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/METRICS.md says exactly what there is: names, types and labels. */
class MetricsPageTest {
    private static final TableName TABLE = TableName.parse("main.fleet.telemetry");
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final Pattern DOCUMENTED =
            Pattern.compile("\\| `([a-z][a-z0-9_]*)` \\| (counter|gauge|histogram|summary) \\|([^|]*)\\|.*");
    private static final Pattern LABEL = Pattern.compile("`([a-z]+)`");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)})? \\S+");

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @Test
    void itListsWhatAGatewayShowsThatHasDoneEverything() throws Exception {
        GatewayConfig config = GatewayConfig.load(Files.writeString(directory.resolve("headgate.yaml"), """
                http: { port: 0 }
                management: { port: 0 }
                log: { segment-bytes: 1MiB, max-bytes: 16MiB }
                limits: { max-entry-bytes: 256KiB, table-unflushed-bytes: 8MiB }
                commit: { interval: 100ms, file-target: 8MiB }
                """));
        new TableCreator(new DirectoryCatalog(config.catalog().path()))
                .create(TABLE, List.of(new Column("id", ColumnType.STRING, false)));
        Gateway gateway = Gateway.start(config, failure -> {});
        try {
            String token = Issuer.openOrCreate(
                            config.auth().issuer().keyFile(),
                            config.auth().issuer().audience(),
                            InstantSource.system())
                    .mint("device", List.of(TABLE), Duration.ofHours(1));
            assertEquals(200, insert(gateway, token, "[{\"id\":\"a\"}]"));
            assertEquals(400, insert(gateway, token, "[{\"nobody\":1}]"));
            assertEquals(401, insert(gateway, "no-token", "[]"));
            // Collections are only shown once there was one.
            System.gc();
            Eventually.holds(
                    "everything was done once",
                    WITHIN,
                    () -> scrape(gateway).contains("headgate_commit_rows_total{")
                            && scrape(gateway).contains("jvm_gc_pause_seconds_count"));
            assertEquals(lines(documented()), lines(shown(scrape(gateway))));
        } finally {
            gateway.stop();
        }
    }

    private int insert(Gateway gateway, String token, String body) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + gateway.httpPort() + "/zerobus/v1/tables/" + TABLE + "/insert");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private String scrape(Gateway gateway) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + gateway.managementPort() + "/metrics");
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Name to type and labels. */
    private static Map<String, String> documented() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        for (String line : Files.readAllLines(page())) {
            Matcher row = DOCUMENTED.matcher(line);
            if (row.matches()) {
                Set<String> labels = new TreeSet<>();
                // After a colon come a label's values.
                Matcher label = LABEL.matcher(row.group(3).replaceFirst(":.*", ""));
                while (label.find()) {
                    labels.add(label.group(1));
                }
                documented.put(row.group(1), row.group(2) + " " + labels);
                if (row.group(2).equals("histogram") || row.group(2).equals("summary")) {
                    documented.put(row.group(1) + "_max", "gauge " + labels);
                }
            }
        }
        return documented;
    }

    private static Map<String, String> shown(String scraped) {
        Map<String, String> types = new TreeMap<>();
        Map<String, Set<String>> labels = new TreeMap<>();
        for (String line : scraped.lines().toList()) {
            Matcher type = TYPE.matcher(line);
            if (type.matches()) {
                types.put(type.group(1), type.group(2));
            }
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches()) {
                String of = family(sample.group(1), types);
                labels.computeIfAbsent(of, name -> new TreeSet<>()).addAll(labelNames(sample.group(2)));
            }
        }
        return types.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        type -> type.getValue() + " " + labels.getOrDefault(type.getKey(), Set.of()),
                        (one, other) -> one,
                        TreeMap::new));
    }

    private static String family(String sample, Map<String, String> types) {
        String bare = sample.replaceFirst("_(bucket|count|sum)$", "");
        return types.containsKey(sample) ? sample : bare;
    }

    private static Set<String> labelNames(@Nullable String labels) {
        if (labels == null) {
            return Set.of();
        }
        return Arrays.stream(labels.split("\",", -1))
                .map(label -> label.split("=", 2)[0])
                .filter(name -> !name.isEmpty() && !name.equals("le"))
                .collect(Collectors.toSet());
    }

    private static String lines(Map<String, String> metrics) {
        return metrics.entrySet().stream()
                .map(metric -> metric.getKey() + " " + metric.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static Path page() {
        return Path.of("").toAbsolutePath().resolveSibling("docs/METRICS.md");
    }
}
