package io.headgate.gateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A configuration and how it came about.
 *
 * @param config what is in force
 * @param settings every value of it with its origin, in the order of the reference page
 * @param secretFiles the files that hold secrets: the configuration itself if it does, and those it names for that
 */
public record LoadedConfig(GatewayConfig config, List<EffectiveSetting> settings, Set<Path> secretFiles) {
    public LoadedConfig {
        settings = List.copyOf(settings);
        secretFiles = Set.copyOf(secretFiles);
    }

    /**
     * Reads {@code file}, and the variables that go before it.
     *
     * @param environment the variables, of which those that begin with {@code HEADGATE_} are looked at
     * @throws ConfigException if it cannot be read or anything in it is wrong, with all that is
     */
    public static LoadedConfig of(Path file, Map<String, String> environment) throws ConfigException {
        List<String> problems = new ArrayList<>();
        Given given = new Given(YamlSettings.of(file, problems), environment);
        Settings in = new Settings(given, file.toAbsolutePath().normalize(), problems);
        GatewayConfig config = GatewayConfig.from(in);
        config.checkRelations(in);
        in.refuseUnknown();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new LoadedConfig(config, in.effective(), in.secretFiles());
    }
}
