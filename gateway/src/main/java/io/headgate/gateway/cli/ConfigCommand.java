package io.headgate.gateway.cli;

import io.headgate.gateway.config.ConfigException;
import io.headgate.gateway.config.EffectiveSetting;
import io.headgate.gateway.config.LoadedConfig;
import io.headgate.gateway.config.ReferencePage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the configuration says. Only reads it, and the files of its secrets. */
@Command(description = "Checks and explains the configuration.", synopsisSubcommandLabel = "COMMAND")
final class ConfigCommand {
    private final Console console;

    ConfigCommand(Console console) {
        this.console = console;
    }

    @Command(
            name = "check",
            description = {
                "Prints all that is wrong with the configuration, one problem a line.",
                "Whether this machine is fit for it is another question: see 'headgate doctor'."
            },
            mixinStandardHelpOptions = true)
    int check(
            @Option(
                            names = "--show",
                            description = "Print every value in force and where it came from, as YAML, secrets masked.")
                    boolean show,
            @Mixin ConfigOption config)
            throws IOException {
        try {
            LoadedConfig loaded = config.read();
            if (show) {
                show(loaded.settings());
            } else {
                console.println(config.file() + ": no problems");
            }
            return ExitCode.OK;
        } catch (ConfigException e) {
            for (String problem : e.problems()) {
                console.println(problem);
            }
            return ExitCode.CONFIGURATION;
        }
    }

    private void show(List<EffectiveSetting> settings) throws IOException {
        int width = settings.stream()
                .mapToInt(setting -> setting.asYaml().length())
                .max()
                .orElse(0);
        for (EffectiveSetting setting : settings) {
            String where = setting.where().isEmpty() ? "default" : setting.where();
            console.println(("%-" + width + "s  # %s").formatted(setting.asYaml(), where));
        }
    }

    @Command(
            name = "reference",
            description = "Prints the reference of all keys, in Markdown.",
            mixinStandardHelpOptions = true)
    int reference() throws IOException {
        console.out().write(ReferencePage.markdown().getBytes(StandardCharsets.UTF_8));
        return ExitCode.OK;
    }
}
