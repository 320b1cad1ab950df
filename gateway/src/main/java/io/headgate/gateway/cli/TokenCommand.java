package io.headgate.gateway.cli;

import io.headgate.auth.Issuer;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.gateway.config.Units;
import io.headgate.model.TableName;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tokens of the gateway's own issuer. */
@Command(description = "Issues tokens.", synopsisSubcommandLabel = "COMMAND")
final class TokenCommand {
    private static final Duration TTL_MAX = Duration.ofDays(3_650);

    private final Console console;

    TokenCommand(Console console) {
        this.console = console;
    }

    @Command(
            name = "create",
            description = "Prints a token that lets its bearer write to tables; the token is the last line.",
            mixinStandardHelpOptions = true)
    int create(
            @Option(names = "--subject", required = true, paramLabel = "NAME", description = "Who the token is for.")
                    String subject,
            @Option(
                            names = "--table",
                            required = true,
                            paramLabel = "TABLE",
                            description = "A table that it may write to; may be repeated.")
                    List<TableName> tables,
            @Option(
                            names = "--pin",
                            paramLabel = "COLUMN",
                            description = "A STRING column of these tables that it may fill with the subject only;"
                                    + " may be repeated.")
                    @Nullable
                    List<String> pins,
            @Option(
                            names = "--ttl",
                            paramLabel = "TIME",
                            description = "How long it holds, such as 12h or 30d (default: auth.issuer.token-ttl).")
                    @Nullable
                    String ttl,
            @Mixin ConfigOption config)
            throws IOException {
        if (subject.isBlank()) {
            throw new CommandException(ExitCode.USAGE, "--subject is blank: name who the token is for.");
        }
        GatewayConfig.Issuer settings = config.load().auth().issuer();
        Duration lifetime = ttl == null ? settings.tokenTtl() : lifetime("--ttl", ttl);
        Issuer issuer = open(settings);
        if (lifetime.compareTo(settings.tokenTtl()) > 0) {
            issuer.rememberTtl(lifetime);
        }
        String token = issuer.mint(subject, tables, Pins.of(pins), lifetime);
        console.err()
                .println("A token for " + subject + ", valid until "
                        + Instant.now().plus(lifetime).truncatedTo(ChronoUnit.SECONDS) + ":");
        console.println(token);
        return ExitCode.OK;
    }

    static Issuer open(GatewayConfig.Issuer settings) throws IOException {
        return Issuer.openOrCreate(settings.keyFile(), settings.audience(), Clock.systemUTC());
    }

    static Duration lifetime(String option, String ttl) {
        try {
            Duration lifetime = Units.duration(ttl);
            if (lifetime.toSeconds() < 1 || lifetime.compareTo(TTL_MAX) > 0) {
                throw new IllegalArgumentException("is not from 1s to 3650d");
            }
            return lifetime;
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, option + " is '" + ttl + "', which " + e.getMessage() + ".");
        }
    }
}
