package io.headgate.gateway.cli;

import io.headgate.batching.TableStatus;
import io.headgate.gateway.LogRecovery;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.model.TableName;
import io.headgate.wal.LogInUseException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings the rows of a log that no process writes any more into their tables. */
@Command(
        name = "recover",
        description = {
            "Commits what a gateway that is gone left in its log into the tables of the configuration's catalog, each row"
                    + " once, and says how many rows went where.",
            "No gateway may run on that log; one may run on another log beside it, on the same tables."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all rows are in their tables",
            "1:rows are left in the log",
            "4:the configuration is wrong",
            "6:another process works on that log"
        })
final class RecoverCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--log", required = true, paramLabel = "DIR", description = "The log's directory.")
    private Path log = Path.of("");

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "Give up on tables in trouble once no row was committed for this long"
                    + " (default: ${DEFAULT-VALUE}).")
    private String timeout = "1m";

    @Mixin
    private ConfigOption config = new ConfigOption();

    RecoverCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        GatewayConfig loaded = config.load();
        try {
            return report(LogRecovery.run(loaded, log, TokenCommand.lifetime("--timeout", timeout)));
        } catch (NoSuchFileException e) {
            throw new CommandException(ExitCode.FAILED, "There is no log in " + log + ": name the directory of one.");
        } catch (LogInUseException e) {
            throw CommandException.of(ExitCode.DATA_IN_USE, e);
        }
    }

    private int report(LogRecovery.Result result) throws IOException {
        for (Map.Entry<TableName, Long> table : result.committed().entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
                .toList()) {
            console.println(table.getKey() + ": " + table.getValue() + " rows committed");
        }
        for (TableStatus table : result.left()) {
            console.println(table.table() + ": " + table.pendingRows() + " rows left: "
                    + (table.problem().isEmpty() ? "time was up" : table.problem()));
        }
        if (!result.fencedBy().isEmpty()) {
            console.println("fenced: " + result.fencedBy());
        }
        if (!result.left().isEmpty() || !result.fencedBy().isEmpty()) {
            console.println("log " + result.logId() + " keeps what is left; mend the cause and run this again");
            return ExitCode.FAILED;
        }
        console.println("log " + result.logId() + ": all rows are in their tables");
        return ExitCode.OK;
    }
}
