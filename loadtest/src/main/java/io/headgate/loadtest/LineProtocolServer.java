package io.headgate.loadtest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A server that takes InfluxDB's line protocol over HTTP, set to answer once what it was sent is on disk: the same records,
 * with the device as tag and the time left to the server.
 */
final class LineProtocolServer extends MeasuredServer {
    private static final JsonFactory JSON = new JsonFactory();

    private final String path;
    /** Asked by POST once it listens, to make it ready; empty if nothing is to be asked. */
    private final String setUp;

    private LineProtocolServer(String name, Path directory, int port, String path, String setUp, List<String> command)
            throws IOException {
        super(name, directory, port, Map.of(), command);
        this.path = path;
        this.setUp = setUp;
    }

    /**
     * InfluxDB 1, which forces its log before it answers, several requests at a time.
     *
     * @param program {@code influxd}
     * @param rpcPort which it wants besides
     */
    static LineProtocolServer influx(Path directory, String program, int port, int rpcPort) throws IOException {
        Path data = Files.createDirectory(directory.resolve("influxdb"));
        Path configuration =
                Files.writeString(data.resolve("influxdb.conf"), String.format(Locale.ROOT, """
                        reporting-disabled = true
                        bind-address = "127.0.0.1:%2$d"
                        [meta]
                        dir = "%3$s/meta"
                        [data]
                        dir = "%3$s/data"
                        wal-dir = "%3$s/wal"
                        wal-fsync-delay = "0s"
                        query-log-enabled = false
                        [http]
                        bind-address = "127.0.0.1:%1$d"
                        log-enabled = false
                        max-body-size = 0
                        [monitor]
                        store-enabled = false
                        """, port, rpcPort, data));
        return new LineProtocolServer(
                "influxdb",
                directory,
                port,
                "/write?db=load",
                "/query?q=" + URLEncoder.encode("CREATE DATABASE load", StandardCharsets.UTF_8),
                List.of(program, "-config", configuration.toString()));
    }

    /** QuestDB, told to force what it commits. */
    static LineProtocolServer quest(Path directory, Path jar, int port) throws IOException {
        Path data = Files.createDirectories(directory.resolve("questdb"));
        Path configuration = Files.createDirectory(data.resolve("conf")).resolve("server.conf");
        Files.writeString(configuration, String.format(Locale.ROOT, """
                        http.bind.to=127.0.0.1:%d
                        http.min.enabled=false
                        pg.enabled=false
                        line.tcp.enabled=false
                        line.http.enabled=true
                        cairo.commit.mode=sync
                        telemetry.enabled=false
                        """, port));
        return new LineProtocolServer(
                "questdb",
                directory,
                port,
                "/write",
                "",
                List.of(JAVA, "-cp", jar.toString(), "io.questdb.ServerMain", "-d", data.toString(), "-n"));
    }

    @Override
    boolean isReady() throws InterruptedException {
        if (!isListening()) {
            return false;
        }
        if (setUp.isEmpty()) {
            return true;
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + Requests.HOST + ":" + port() + setUp))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            return HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    boolean takes(Workload workload) {
        return !workload.http2() && workload.grants() == 1 && workload.tables() == 1 && !workload.broken();
    }

    @Override
    List<String> head(Workload workload, int table) {
        return workload.gzip()
                ? List.of(path, "Content-Type: text/plain", "Content-Encoding: gzip")
                : List.of(path, "Content-Type: text/plain");
    }

    @Override
    byte[] body(Workload workload, byte[] json) throws IOException {
        StringBuilder lines = new StringBuilder();
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    line(workload.shape().name().toLowerCase(Locale.ROOT), parser, lines);
                }
            }
        }
        return workload.encoded(lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void line(String measurement, JsonParser parser, StringBuilder lines) throws IOException {
        String device = "";
        StringBuilder fields = new StringBuilder();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("device_id")) {
                device = parser.getText();
            } else if (!name.equals("ts")) {
                String text = parser.getText();
                fields.append(fields.length() == 0 ? "" : ",").append(name).append('=');
                switch (value) {
                    case VALUE_STRING -> fields.append('"').append(text).append('"');
                    case VALUE_NUMBER_INT -> fields.append(text).append('i');
                    default -> fields.append(text);
                }
            }
        }
        lines.append(measurement)
                .append(",device_id=")
                .append(device)
                .append(' ')
                .append(fields)
                .append('\n');
    }
}
