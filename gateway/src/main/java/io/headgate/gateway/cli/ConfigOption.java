package io.headgate.gateway.cli;

import io.headgate.gateway.config.ConfigException;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.gateway.config.LoadedConfig;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that nearly every command has. */
final class ConfigOption {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The gateway's configuration (default: ${DEFAULT-VALUE}).")
    private Path file = Path.of(GatewayConfig.DEFAULT_FILE);

    Path file() {
        return file;
    }

    LoadedConfig read() throws ConfigException {
        return LoadedConfig.of(file, System.getenv());
    }

    /** @throws CommandException if it cannot be read or is wrong */
    GatewayConfig load() {
        return load(file);
    }

    /** @throws CommandException if it cannot be read or is wrong */
    LoadedConfig loadWithOrigins() {
        return loadWithOrigins(file);
    }

    static GatewayConfig load(Path file) {
        return loadWithOrigins(file).config();
    }

    private static LoadedConfig loadWithOrigins(Path file) {
        try {
            return LoadedConfig.of(file, System.getenv());
        } catch (ConfigException e) {
            throw new CommandException(ExitCode.CONFIGURATION, String.join(System.lineSeparator(), e.problems()));
        }
    }
}
