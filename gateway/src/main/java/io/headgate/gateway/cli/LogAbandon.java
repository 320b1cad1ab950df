package io.headgate.gateway.cli;

import io.headgate.delta.DirectoryCatalog;
import io.headgate.delta.TableVersion;
import io.headgate.gateway.Limits;
import io.headgate.gateway.cli.LogShares.Share;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.model.StreamRange;
import io.headgate.wal.LocalDisk;
import io.headgate.wal.LocalLog;
import io.headgate.wal.LogInUseException;
import io.headgate.wal.LogMetrics;
import io.headgate.wal.LogScan;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Gives up a table's rows that wait in the log, as its operator decided: exports them, durably, and has the log note that
 * they are not to be committed any more.
 */
final class LogAbandon {
    private final GatewayConfig config;
    private final String wanted;
    private final Path export;
    private final Console console;

    /**
     * @param wanted the table's id or name
     * @param export a file that is not there yet
     */
    LogAbandon(GatewayConfig config, String wanted, Path export, Console console) {
        this.config = config;
        this.wanted = wanted;
        this.export = export.toAbsolutePath();
        this.console = console;
    }

    int run() throws IOException {
        LocalDisk disk = LocalDisk.existing(config.log().path());
        if (LogScan.head(disk).isEmpty()) {
            throw new NoSuchFileException(disk.toString());
        }
        LogShares shares = new LogShares();
        try (LocalLog log = LocalLog.open(disk, Limits.log(config), LogMetrics.none(), shares, failure -> {})) {
            Share share = choose(shares);
            long from = Math.max(committedTo(share, log.id()), Math.max(share.settledTo(), share.from()));
            abandon(log, share, from);
            return ExitCode.OK;
        } catch (LogInUseException e) {
            throw CommandException.of(ExitCode.DATA_IN_USE, e);
        }
    }

    private Share choose(LogShares shares) {
        List<Share> found = shares.all().stream()
                .filter(share -> share.table().id().value().equals(wanted)
                        || share.table().name().toString().equals(wanted))
                .toList();
        if (found.isEmpty()) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "The log has nothing of table " + wanted + ": 'headgate log check' lists what it has.");
        }
        if (found.size() > 1) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "The log has rows of " + found.size() + " tables named " + wanted + "; name one by its id: "
                            + found.stream()
                                    .map(share -> share.table().id().value())
                                    .collect(Collectors.joining(", ")));
        }
        return found.get(0);
    }

    /** What the table itself says, if it is there and can be read. */
    private long committedTo(Share share, String logId) {
        try {
            DirectoryCatalog catalog = TableCommand.catalog(config);
            TableVersion version = TableVersion.latest(catalog, share.table().name());
            return version.id().equals(share.table().id())
                    ? version.committedTo(logId).orElse(0)
                    : 0;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException | RuntimeException e) {
            console.err()
                    .println("headgate: table " + share.table().name()
                            + " cannot be read, so some of its rows may be in it" + " already: " + e.getMessage());
            return 0;
        }
    }

    private void abandon(LocalLog log, Share share, long from) throws IOException {
        long end = log.forcedPosition();
        try (RowExport rows = new RowExport(export)) {
            if (from < end) {
                log.read(new StreamRange(from, end), share.table().id(), rows::add);
            }
            if (rows.rows() == 0) {
                Files.delete(export);
                throw new CommandException(
                        ExitCode.FAILED,
                        "No rows of table " + share.table().name() + " wait in the log: there is nothing to abandon.");
            }
            rows.force();
            log.abandon(share.table(), end, export.toString());
            console.println(rows.rows() + " rows of " + share.table().name() + " ("
                    + share.table().id()
                    + "), positions from " + from + " to " + (end - 1) + ", are in " + export
                    + "; they will not be committed");
        } catch (FileAlreadyExistsException e) {
            throw new CommandException(
                    ExitCode.FAILED, "There is a file " + export + " already; it was left as it is. Name a new one.");
        }
    }
}
