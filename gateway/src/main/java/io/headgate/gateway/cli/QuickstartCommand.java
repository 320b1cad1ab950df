package io.headgate.gateway.cli;

import io.headgate.auth.ClientSecret;
import io.headgate.auth.SaltedSecret;
import io.headgate.auth.ServicePrincipal;
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
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everything at once for a first try: configuration, key, table, gateway, token, and a request to send. */
@Command(
        description = {
            "Starts a gateway with a table of its own and prints a request to send.",
            "What it makes is kept, and found again the next time."
        },
        mixinStandardHelpOptions = true)
final class QuickstartCommand implements Callable<Integer> {
    private static final TableName TABLE = new TableName("main", "fleet", "telemetry");
    private static final String COLUMNS = "device_id STRING NOT NULL, ts TIMESTAMP, temp DOUBLE, humidity DOUBLE,"
            + " battery DOUBLE, rssi INT, fw STRING, ok BOOLEAN";
    private static final String CLIENT_ID = "quickstart";
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
            if (Files.exists(file)) {
                return;
            }
            Files.writeString(
                    file,
                    """
                    # Made by 'headgate quickstart'; yours to change. Every key may be left out, and has its default then.
                    http:        { host: 127.0.0.1, port: %d }
                    management:  { host: 127.0.0.1, port: %d }
                    catalog:     { kind: directory, path: ./tables }
                    log:         { path: ./log }
                    commit:      { interval: 2s }
                    # A line for each request: here one wants to see them. The default is a line for refused ones.
                    logging:     { access: all }
                    auth:
                      issuer:    { key-file: ./issuer.jwk }
                      service-principals:
                    %s
                    """.formatted(
                                    port == null ? HTTP_PORT : port,
                                    managementPort == null ? MANAGEMENT_PORT : managementPort,
                                    ClientCommand.yaml(newClient())),
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

    /** A service principal whose secret is in DATA/client.json; one that is there already keeps its secret. */
    private ServicePrincipal newClient() throws IOException {
        SecureRandom random = new SecureRandom();
        ClientFile client = new ClientFile(CLIENT_ID, ClientSecret.generate(random)).writeUnlessThere(clientFile());
        if (!ServicePrincipal.isClientId(client.clientId()) || client.secret().isEmpty()) {
            throw new CommandException(
                    ExitCode.START_FAILED,
                    clientFile() + " has no valid client_id and client_secret. Remove it to have a new one made.");
        }
        return new ServicePrincipal(client.clientId(), SaltedSecret.of(client.secret(), random), Set.of(TABLE));
    }

    private Path clientFile() {
        return data.resolve("client.json");
    }

    /** How programs get tokens, if the client in DATA/client.json is one of the configuration's; else how to make one. */
    private String howToGetTokens(GatewayConfig config, String tokenUrl, String program, Path file) throws IOException {
        Optional<ClientFile> client = ClientFile.read(clientFile()).filter(kept -> isClientOf(config, kept));
        if (client.isEmpty()) {
            return """
                    Programs get tokens from %s for a client id and a secret. The
                    configuration has no such client of this quickstart; to make one, add what this prints to it:

                    %s client create --id %s --table %s --config %s
                    """.formatted(tokenUrl, program, CLIENT_ID, TABLE, Shell.quoted(file.toString()));
        }
        String id = client.get().clientId();
        String secret = client.get().secret();
        return """
                Programs get tokens for a client id and a secret; these are kept in %s:

                client_id: %s
                client_secret: %s

                curl -sS -u %s -d grant_type=client_credentials -d scope=all-apis %s
                """.formatted(clientFile(), id, secret, Shell.quoted(id + ":" + secret), tokenUrl);
    }

    private static boolean isClientOf(GatewayConfig config, ClientFile client) {
        return config.auth().servicePrincipals().stream()
                .anyMatch(known -> known.clientId().equals(client.clientId())
                        && known.secret().matches(client.secret()));
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

                %s
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
                Shell.quoted(file.toString()),
                howToGetTokens(config, Urls.token(config, gateway), program, file)));
    }
}
