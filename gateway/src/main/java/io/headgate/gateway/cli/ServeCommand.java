package io.headgate.gateway.cli;

import io.headgate.gateway.config.GatewayConfig;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a gateway. */
@Command(
        description = "Runs the gateway until SIGTERM or SIGINT, which have it drain and exit 0.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ConfigOption config = new ConfigOption();

    ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        GatewayConfig loaded = config.load();
        return Serving.untilSignalled(loaded, gateway -> console.println(Urls.ready(loaded, gateway)));
    }
}
