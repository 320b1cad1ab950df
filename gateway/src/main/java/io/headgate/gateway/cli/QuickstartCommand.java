package io.headgate.gateway.cli;

import io.headgate.delta.DirectoryCatalog;
import io.headgate.delta.TableCreator;
import io.headgate.gateway.Gateway;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.model.TableName;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everything at once for a first try: configuration, key, table, gateway, token, and a request to send. */
@Command(
        name = "quickstart",
        description = {
            "Starts a gateway with a table of its own and prints a request to send.",
            "What it makes is kept, and found again the next time."
        },
        mixinStandardHelpOptions = true)
final class QuickstartCommand implements Callable<Integer> {
    private static final TableName TABLE = new TableName("main", "fleet", "telemetry");
    private static final String COLUMNS = "device_id STRING NOT NULL, ts TIMESTAMP, temp DOUBLE, humidity DOUBLE,"
            + " battery DOUBLE, rssi INT, fw STRING, ok BOOLEAN";
    private static final int HTTP_PORT = 8080;
    private static final int MANAGEMENT_PORT = 9090;

    private final Console console;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where devices call (default: " + HTTP_PORT + ", or what DATA/headgate.yaml says; 0: any).")
    private @Nullable Integer port;

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            description =
                    "Where operators call (default: " + MANAGEMENT_PORT + ", or what DATA/headgate.yaml says; 0: any).")
    private @Nullable Integer managementPort;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description = "Where everything is kept (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("headgate-data");

    QuickstartCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Path file = data.resolve(GatewayConfig.DEFAULT_FILE);
        writeUnlessThere(file);
        GatewayConfig loaded = ConfigOption.load(file);
        GatewayConfig config = loaded.withPorts(
                port == null ? loaded.http().port() : port,
                managementPort == null ? loaded.management().port() : managementPort);
        DirectoryCatalog catalog = TableCommand.catalog(config);
        createUnlessThere(catalog);
        return Serving.untilSignalled(config, gateway -> announce(config, file, catalog.location(TABLE), gateway));
    }

    private void writeUnlessThere(Path file) {
        try {
            Files.createDirectories(data);
            Files.writeString(
                    file,
                    """
                    # Made by 'headgate quickstart'; yours to change. Every key may be left out, and has its default then.
                    http:        { host: 127.0.0.1, port: %d }
                    management:  { host: 127.0.0.1, port: %d }
                    catalog:     { kind: directory, path: ./tables }
                    log:         { path: ./log }
                    commit:      { interval: 2s }
                    auth:
                      issuer:    { key-file: ./issuer.jwk }
                    """.formatted(
                            port == null ? HTTP_PORT : port, managementPort == null ? MANAGEMENT_PORT : managementPort),
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            // Kept from an earlier quickstart, or the user's own.
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.START_FAILED,
                    "Cannot write " + file + ": " + e + ". Name a directory that can be written to with --data.");
        }
    }

    private static void createUnlessThere(DirectoryCatalog catalog) throws IOException {
        if (catalog.load(TABLE).isEmpty()) {
            new TableCreator(catalog).create(TABLE, ColumnList.parse(COLUMNS));
        }
    }

    private void announce(GatewayConfig config, Path file, Path table, Gateway gateway) throws IOException {
        String token = TokenCommand.open(config.auth().issuer())
                .mint("quickstart", List.of(TABLE), config.auth().issuer().tokenTtl());
        String row = "{\"device_id\":\"pump-7\",\"ts\":\"" + Instant.now().truncatedTo(ChronoUnit.SECONDS)
                + "\",\"temp\":21.5,\"humidity\":40.2,\"battery\":3.71,\"rssi\":-61,\"fw\":\"1.4.2\",\"ok\":true}";
        String program = Shell.quoted(System.getProperty("headgate.command", "headgate"));
        console.println("""
                %s

                Send a row; 200 says that it is on the disk:

                curl -sS -i %s -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d '%s'

                See what is in the table, %d s later at the most:

                %s table rows %s --config %s
                duckdb -c "SELECT * FROM delta_scan('%s')"

                Another token, once this one has expired:

                %s token create --subject me --table %s --config %s

                Ctrl-C stops the gateway; nothing that was acknowledged is lost.
                """.stripTrailing().formatted(
                Urls.ready(config, gateway),
                Urls.insert(config, gateway, TABLE),
                token,
                row,
                config.commitInterval(TABLE).toSeconds() + 2,
                program,
                TABLE,
                Shell.quoted(file.toString()),
                table,
                program,
                TABLE,
                Shell.quoted(file.toString())));
    }
}
