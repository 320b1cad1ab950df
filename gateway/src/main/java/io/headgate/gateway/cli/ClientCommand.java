package io.headgate.gateway.cli;

import io.headgate.auth.ClientSecret;
import io.headgate.auth.SaltedSecret;
import io.headgate.auth.ServicePrincipal;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.model.TableName;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Service principals: programs that get tokens for a secret. They live in the configuration, which is the user's. */
@Command(description = "Makes clients that get tokens for a secret.", synopsisSubcommandLabel = "COMMAND")
final class ClientCommand {
    private final Console console;

    ClientCommand(Console console) {
        this.console = console;
    }

    @Command(
            name = "create",
            description = {
                "Prints a new client's id and secret, and what to add to the configuration as the last line.",
                "Nothing is kept: the configuration gets a salted hash, and the secret is shown this once."
            },
            mixinStandardHelpOptions = true)
    int create(
            @Option(names = "--id", required = true, paramLabel = "ID", description = "What the client is called.")
                    String id,
            @Option(
                            names = "--table",
                            required = true,
                            paramLabel = "TABLE",
                            description = "A table that its tokens may let it write to; may be repeated.")
                    List<TableName> tables,
            @Option(
                            names = "--pin",
                            paramLabel = "COLUMN",
                            description = "A STRING column of these tables that it may fill with its id only; may be"
                                    + " repeated.")
                    @Nullable
                    List<String> pins,
            @Mixin ConfigOption config)
            throws IOException {
        if (!ServicePrincipal.isClientId(id)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--id is '" + id + "', which is not 1 to 128 characters of A-Z, a-z, 0-9, '.', '_', '~' and '-'.");
        }
        requireNew(id, config.load());
        SecureRandom random = new SecureRandom();
        String secret = ClientSecret.generate(random);
        ServicePrincipal client =
                new ServicePrincipal(id, SaltedSecret.of(secret, random), Set.copyOf(tables), Pins.of(pins));
        console.err()
                .println("Give id and secret to the client; the secret is not shown again. Add the last line to "
                        + config.file() + ", below 'service-principals:' within 'auth:', and restart the gateway.");
        console.println("client_id: " + id);
        console.println("client_secret: " + secret);
        console.println(yaml(client));
        return ExitCode.OK;
    }

    private static void requireNew(String id, GatewayConfig config) {
        if (config.auth().servicePrincipals().stream()
                .anyMatch(known -> known.clientId().equals(id))) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "There is a client '" + id + "' in the configuration already. Choose another id, or remove that one"
                            + " first.");
        }
    }

    /** The client as an entry of {@code auth.service-principals}, indented as it is there. */
    static String yaml(ServicePrincipal client) {
        return "    - { client-id: \"" + client.clientId() + "\", secret-sha256: \""
                + client.secret().sha256Hex() + "\", salt: \"" + client.secret().saltHex() + "\", tables: [ "
                + client.tables().stream().map(TableName::toString).sorted().collect(Collectors.joining(", "))
                + " ]" + Pins.yaml(client.pins()) + " }";
    }
}
