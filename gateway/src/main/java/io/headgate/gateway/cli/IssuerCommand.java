package io.headgate.gateway.cli;

import io.headgate.auth.Issuer;
import io.headgate.gateway.config.GatewayConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The keys that tokens are signed with. */
@Command(description = "Looks after the issuer's keys.", synopsisSubcommandLabel = "COMMAND")
final class IssuerCommand {
    private final Console console;

    IssuerCommand(Console console) {
        this.console = console;
    }

    @Command(
            name = "rotate",
            description = {
                "Replaces the key that signs tokens. Tokens signed before go on working until they end.",
                "A running gateway takes the new key over within a second."
            },
            mixinStandardHelpOptions = true)
    int rotate(
            @Option(
                            names = "--drop-old",
                            description = "The old keys have leaked: have every token signed so far stop working.")
                    boolean dropOld,
            @Option(
                            names = "--keep",
                            paramLabel = "TIME",
                            description =
                                    "Keep the old key for so long at the least, such as 30d, whatever is known of its"
                                            + " tokens.")
                    @Nullable
                    String keep,
            @Mixin ConfigOption config)
            throws IOException {
        if (dropOld && keep != null) {
            throw new CommandException(ExitCode.USAGE, "--drop-old and --keep exclude each other: give one.");
        }
        GatewayConfig.Issuer settings = config.load().auth().issuer();
        Issuer issuer = TokenCommand.open(settings);
        if (dropOld) {
            issuer.rotateAndDropOld();
            console.println("Signing with key " + issuer.signingKeyId() + " from now on. Tokens signed before are"
                    + " refused.");
        } else {
            String end = issuer.rotate(longer(settings.tokenTtl(), keep))
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString();
            console.println("Signing with key " + issuer.signingKeyId() + " from now on. Tokens signed before are"
                    + " accepted until they end, " + end + " at the latest.");
        }
        return ExitCode.OK;
    }

    private static Duration longer(Duration ttl, @Nullable String keep) {
        Duration asked = keep == null ? ttl : TokenCommand.lifetime("--keep", keep);
        return asked.compareTo(ttl) > 0 ? asked : ttl;
    }
}
