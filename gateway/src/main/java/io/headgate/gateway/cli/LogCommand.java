package io.headgate.gateway.cli;

import io.headgate.delta.DirectoryCatalog;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.gateway.verify.LogContents;
import io.headgate.model.TableName;
import io.headgate.wal.EntryKind;
import io.headgate.wal.KeyFileReport;
import io.headgate.wal.LocalDisk;
import io.headgate.wal.LogInUseException;
import io.headgate.wal.LogRepair;
import io.headgate.wal.LogReport;
import io.headgate.wal.LogScan;
import io.headgate.wal.RepairedRange;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The log's files. Only {@code repair} and {@code abandon} change anything; the others may run beside a gateway. */
@Command(description = "Looks into the log, and mends it.", synopsisSubcommandLabel = "COMMAND")
final class LogCommand {
    private final Console console;

    LogCommand(Console console) {
        this.console = console;
    }

    @Command(
            name = "check",
            description = "Reads the whole log and says what it holds and whether it is damaged.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:fine", "1:it is damaged", "2:it cannot be read", "4:the configuration is wrong"})
    int check(@Mixin ConfigOption config) throws IOException {
        GatewayConfig loaded = config.load();
        LogContents contents = read(loaded);
        for (LogReport.Segment parked : contents.report().parked()) {
            console.println(text(parked) + ", parked");
        }
        for (LogReport.Segment segment : contents.report().segments()) {
            console.println(text(segment));
        }
        for (LogContents.Table table : contents.tables()) {
            console.println(table.table().name() + " (" + table.table().id() + "): " + table.rows() + " rows in "
                    + table.entries() + " requests, " + table.sizeBytes() + " bytes; "
                    + (table.pendingRows().isPresent()
                            ? table.pendingRows().getAsLong() + " rows wait for the table"
                            : "not in the catalog, or not readable there"));
        }
        List<KeyFileReport> keyFiles =
                LogScan.keys(LocalDisk.existing(loaded.log().path()));
        for (KeyFileReport file : keyFiles) {
            console.println(file.file() + "  " + file.keys() + " keys, " + file.sizeBytes() + " bytes");
        }
        LogReport report = contents.report();
        console.println("log " + report.logId() + ": positions " + report.firstPosition() + " to "
                + report.endPosition() + "; entries: " + entries(report));
        for (LogReport.Damage damage : report.damage()) {
            console.println("! " + text(damage));
        }
        List<KeyFileReport> damagedKeys =
                keyFiles.stream().filter(file -> !file.problem().isEmpty()).toList();
        for (KeyFileReport file : damagedKeys) {
            console.println("! file " + file.file() + ": " + file.problem() + "; up to " + file.lost()
                    + " keys in it are not known any more, no row is lost");
        }
        long damageCount = report.damageCount() + damagedKeys.size();
        if (damageCount > 0) {
            console.println("damaged in " + damageCount + " places; nothing was changed");
            return ExitCode.FAILED;
        }
        console.println("fine");
        return ExitCode.OK;
    }

    private static String text(LogReport.Segment file) {
        return String.format(
                Locale.ROOT,
                "%s  positions %d to %d, %d groups, %d of %d bytes",
                file.file(),
                file.firstPosition(),
                file.endPosition(),
                file.groups(),
                file.endOffset(),
                file.sizeBytes());
    }

    private static String entries(LogReport report) {
        return Arrays.stream(EntryKind.values())
                .filter(report.entries()::containsKey)
                .map(kind -> report.entries().get(kind) + " " + kind.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static String text(LogReport.Damage damage) {
        return "file " + damage.file() + ", offset " + damage.offset() + ": position " + damage.from()
                + " was expected there; " + damage.problem()
                + (damage.to() == Long.MAX_VALUE
                        ? "; nothing behind it can be read"
                        : "; positions go on at " + damage.to());
    }

    private LogContents read(GatewayConfig loaded) {
        try {
            DirectoryCatalog catalog = TableCommand.catalog(loaded);
            return LogContents.read(LocalDisk.existing(loaded.log().path()), catalog, catalog.list());
        } catch (IOException e) {
            throw unreadable(loaded, e);
        }
    }

    private static CommandException unreadable(GatewayConfig loaded, IOException e) {
        return e instanceof NoSuchFileException
                ? new CommandException(
                        ExitCode.CANNOT_TELL,
                        "There is no log in " + loaded.log().path()
                                + ": no gateway was started with this configuration, or log.path is another one's.")
                : CommandException.of(ExitCode.CANNOT_TELL, e);
    }

    @Command(
            name = "repair",
            description = {
                "Exports what is damaged in the log and has the log go on without it, if anything is damaged.",
                "Rows that were there and in no table are lost, but for what can be made of the export. No gateway may run on"
                        + " the log."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:nothing is damaged, or not any more",
                "1:it could not be repaired",
                "4:the configuration is wrong",
                "6:another process works on the log"
            })
    int repair(
            @Option(
                            names = "--export",
                            paramLabel = "DIR",
                            description = "Where what is damaged goes (default: log.path with '-damaged' behind it).")
                    @Nullable
                    Path export,
            @Mixin ConfigOption config)
            throws IOException {
        Path log = config.load().log().path();
        Path target = export == null ? log.resolveSibling(log.getFileName() + "-damaged") : export;
        boolean isNew = Files.notExists(target);
        try {
            List<RepairedRange> ranges = LogRepair.run(LocalDisk.existing(log), LocalDisk.at(target));
            if (ranges.isEmpty() && isNew) {
                Files.delete(target);
            }
            for (RepairedRange range : ranges) {
                console.println(text(range, target));
            }
            console.println(
                    ranges.isEmpty()
                            ? "nothing is damaged"
                            : ranges.size()
                                    + " damaged ranges were given up; 'headgate verify' says what the tables have");
            return ExitCode.OK;
        } catch (LogInUseException e) {
            throw CommandException.of(ExitCode.DATA_IN_USE, e);
        } catch (NoSuchFileException e) {
            throw new CommandException(ExitCode.FAILED, "There is no log in " + log + ".");
        }
    }

    private static String text(RepairedRange range, Path target) {
        String positions = range.from() < 0 || range.to() <= range.from()
                ? "which positions were there cannot be told"
                : "positions " + range.from() + " to " + (range.to() - 1) + " are not there any more";
        return "file " + range.file() + ", offset " + range.offset() + ", " + range.bytes() + " bytes: "
                + range.problem()
                + "; " + positions
                + (range.export().isEmpty() ? "" : "; exported to " + target.resolve(range.export()));
    }

    @Command(
            name = "abandon",
            description = {
                "Gives up a table's rows that wait in the log, for a table that will never take them: writes them to a new"
                        + " file, one JSON object a line, and notes in the log that they are not to be committed.",
                "No gateway may run on the log."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:the rows are in the file",
                "1:nothing was abandoned",
                "4:the configuration is wrong",
                "6:another process works on the log"
            })
    int abandon(
            @Parameters(paramLabel = "TABLE", description = "The table's id, or its name: catalog.schema.table.")
                    String table,
            @Option(
                            names = "--export",
                            required = true,
                            paramLabel = "FILE",
                            description = "Where its rows go; a file that is not there yet.")
                    Path export,
            @Mixin ConfigOption config)
            throws IOException {
        GatewayConfig loaded = config.load();
        try {
            return new LogAbandon(loaded, table, export, console).run();
        } catch (NoSuchFileException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "There is no log in " + loaded.log().path() + ", or no directory of " + export + ".");
        }
    }

    @Command(
            name = "dump",
            description = "Prints the log's entries, one JSON object a line.",
            mixinStandardHelpOptions = true)
    int dump(
            @Option(names = "--from", paramLabel = "P", description = "Begin at this position.", defaultValue = "0")
                    long from,
            @Option(names = "--to", paramLabel = "P", description = "End before this position.") @Nullable Long to,
            @Option(names = "--table", paramLabel = "TABLE", description = "Only entries of this table.") @Nullable
                    TableName table,
            @Option(names = "--limit", paramLabel = "N", description = "Print at most N entries.") @Nullable Long limit,
            @Option(names = "--rows", description = "Also print what is in the rows.") boolean rows,
            @Mixin ConfigOption config)
            throws IOException {
        GatewayConfig loaded = config.load();
        Writer out = new BufferedWriter(new OutputStreamWriter(console.out(), StandardCharsets.UTF_8));
        LogDump dump = new LogDump(
                from, to == null ? Long.MAX_VALUE : to, table, limit == null ? Long.MAX_VALUE : limit, rows, out);
        LogReport report;
        try {
            report = LogScan.run(LocalDisk.existing(loaded.log().path()), dump);
        } catch (NoSuchFileException e) {
            throw unreadable(loaded, e);
        }
        out.flush();
        report.damage().forEach(damage -> console.err().println("headgate: " + text(damage)));
        return report.damageCount() > 0 ? ExitCode.FAILED : ExitCode.OK;
    }
}
