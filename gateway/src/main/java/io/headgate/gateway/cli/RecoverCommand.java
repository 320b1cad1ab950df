package io.headgate.gateway.cli;

import io.headgate.batching.TableStatus;
import io.headgate.gateway.LogRecovery;
import io.headgate.gateway.NewLog;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.model.TableName;
import io.headgate.wal.LogInUseException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings the rows of a log that no process writes any more into their tables. */
@Command(
        description = {
            "Commits what a gateway that is gone left in its log into the tables of the configuration's catalog, each row"
                    + " once, and says how many rows went where.",
            "No gateway may run on that log; one may run on another log beside it, on the same tables.",
            "With --as-new-log nothing is committed: what the log's own runs have not committed is written into a new log,"
                    + " with an id of its own, for a gateway to go on with where the old id is another one's by now (a"
                    + " copied log, a fenced gateway). The old log is left as it is."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all rows are in their tables, or in the new log",
            "1:rows are left in the log, or no new log was made",
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

    @Option(names = "--as-new-log", description = "Write a new log instead of committing.")
    private boolean asNewLog;

    @Option(names = "--to", paramLabel = "DIR", description = "The new log's directory, which must not be there yet.")
    private @Nullable Path to;

    @Option(
            names = "--from",
            paramLabel = "TABLE=POSITION",
            description = "The first position that a table does not have, where that cannot be told; may be repeated.")
    private Map<TableName, Long> from = Map.of();

    @Mixin
    private ConfigOption config = new ConfigOption();

    RecoverCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path target = to;
        if (asNewLog != (target != null) || !(asNewLog || from.isEmpty())) {
            throw new CommandException(ExitCode.USAGE, "--as-new-log, --to and, if need be, --from go together.");
        }
        GatewayConfig loaded = config.load();
        try {
            if (target != null) {
                return report(NewLog.write(loaded, log, target, from), target);
            }
            return report(LogRecovery.run(loaded, log, TokenCommand.lifetime("--timeout", timeout)));
        } catch (NoSuchFileException e) {
            throw new CommandException(ExitCode.FAILED, "There is no log in " + log + ": name the directory of one.");
        } catch (FileAlreadyExistsException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    e.getFile() + " is there already"
                            + (e.getReason() == null ? ": name a directory that is not." : "; " + e.getReason() + "."));
        } catch (LogInUseException e) {
            throw CommandException.of(ExitCode.DATA_IN_USE, e);
        }
    }

    private int report(NewLog.Result result, Path target) throws IOException {
        for (NewLog.Copied table : result.tables()) {
            console.println(
                    table.table().name() + ": " + table.rows() + " rows, from position " + table.from() + " on");
        }
        console.println("log " + result.newId() + " in " + target + " has what log " + result.oldId()
                + " has and the tables do not; let log.path name it, and use the old one no more");
        return ExitCode.OK;
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
