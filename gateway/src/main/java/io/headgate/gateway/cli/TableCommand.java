package io.headgate.gateway.cli;

import io.headgate.delta.DirectoryCatalog;
import io.headgate.delta.TableCreator;
import io.headgate.delta.TableRows;
import io.headgate.delta.TableVersion;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.model.TableName;
import io.headgate.schema.Column;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tables of the directory catalog. Works on the tables themselves, so a gateway may run beside it or not. */
@Command(description = "Creates and shows tables.", synopsisSubcommandLabel = "COMMAND")
final class TableCommand {
    private final Console console;

    TableCommand(Console console) {
        this.console = console;
    }

    @Command(name = "create", description = "Creates an empty table.", mixinStandardHelpOptions = true)
    int create(
            @Parameters(paramLabel = "NAME", description = "Its name: catalog.schema.table.") TableName name,
            @Option(
                            names = "--columns",
                            required = true,
                            paramLabel = "COLUMNS",
                            description = "Its columns, such as 'device_id STRING NOT NULL, ts TIMESTAMP'.")
                    String columns,
            @Option(
                            names = "--partition-by",
                            split = ",",
                            paramLabel = "COLUMN",
                            description = "Columns whose values its files are kept apart by, such as country,day: for"
                                    + " few values that queries ask for (default: none).")
                    @Nullable
                    List<String> partitionBy,
            @Mixin ConfigOption config)
            throws IOException {
        List<Column> parsed = parse(columns);
        DirectoryCatalog catalog = catalog(config.load());
        try {
            new TableCreator(catalog).create(name, parsed, partitionBy == null ? List.of() : partitionBy);
            console.println("Created " + name + " at " + catalog.location(name));
            return ExitCode.OK;
        } catch (FileAlreadyExistsException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "There is a table " + name + " already, at " + e.getFile() + "; it was left as it is.");
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()));
        }
    }

    @Command(
            name = "rows",
            description = "Prints what is in a table, one JSON object a line, in no particular order.",
            mixinStandardHelpOptions = true)
    int rows(
            @Parameters(paramLabel = "NAME", description = "The table: catalog.schema.table.") TableName name,
            @Option(names = "--limit", paramLabel = "N", description = "Print at most N rows (default: all).") @Nullable
                    Long limit,
            @Mixin ConfigOption config)
            throws IOException {
        if (limit != null && limit < 0) {
            throw new CommandException(ExitCode.USAGE, "--limit is " + limit + ", which is less than 0.");
        }
        GatewayConfig loaded = config.load();
        try {
            Writer lines = new BufferedWriter(new OutputStreamWriter(console.out(), StandardCharsets.UTF_8));
            new TableRows(catalog(loaded)).write(name, limit == null ? Long.MAX_VALUE : limit, lines);
            lines.flush();
            return ExitCode.OK;
        } catch (NoSuchFileException e) {
            throw noTable(loaded, name);
        }
    }

    @Command(
            name = "list",
            description = "Lists the tables of the catalog, and whether ingest takes them.",
            mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--json", description = "Print one JSON object a line.") boolean json,
            @Mixin ConfigOption config)
            throws IOException {
        DirectoryCatalog catalog = catalog(config.load());
        TableListing listing = new TableListing(json, console);
        for (TableName name : catalog.list()) {
            try {
                listing.add(TableVersion.latest(catalog, name).describe());
            } catch (NoSuchFileException e) {
                // Dropped since it was listed.
            } catch (IOException e) {
                listing.unreadable(name, String.valueOf(e.getMessage()));
            }
        }
        listing.print();
        return ExitCode.OK;
    }

    @Command(
            name = "show",
            description = "Shows what a table is, whether ingest takes it, and how far its rows are.",
            mixinStandardHelpOptions = true)
    int show(
            @Parameters(paramLabel = "NAME", description = "The table: catalog.schema.table.") TableName name,
            @Option(names = "--json", description = "Print one JSON object.") boolean json,
            @Mixin ConfigOption config)
            throws IOException {
        GatewayConfig loaded = config.load();
        try {
            TableShow shown = TableShow.of(catalog(loaded), name, loaded.log().path());
            shown.print(json, console);
            return ExitCode.OK;
        } catch (NoSuchFileException e) {
            throw noTable(loaded, name);
        }
    }

    private static CommandException noTable(GatewayConfig loaded, TableName name) {
        return new CommandException(
                ExitCode.FAILED,
                "There is no table " + name + " below " + loaded.catalog().path()
                        + ". Check the name, or create it: headgate table create " + name + " --columns '...'");
    }

    static DirectoryCatalog catalog(GatewayConfig config) {
        return new DirectoryCatalog(config.catalog().path());
    }

    private static List<Column> parse(String columns) {
        try {
            return ColumnList.parse(columns);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, "--columns: " + e.getMessage());
        }
    }
}
