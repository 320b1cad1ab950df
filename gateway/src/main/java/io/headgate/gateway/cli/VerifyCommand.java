package io.headgate.gateway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headgate.gateway.config.GatewayConfig;
import io.headgate.gateway.verify.Finding;
import io.headgate.gateway.verify.TableVerdict;
import io.headgate.gateway.verify.Verdict;
import io.headgate.gateway.verify.Verification;
import io.headgate.gateway.verify.VerifyResult;
import io.headgate.model.TableName;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Holds tables against the log, beside a running gateway or without one. */
@Command(
        description = "Verifies that every row is in its table once, or waits in the log.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fine", "1:rows are lost or in twice", "2:it cannot be told", "4:the configuration is wrong"})
final class VerifyCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--table", paramLabel = "TABLE", description = "Only this table (default: all).")
    private @Nullable TableName table;

    @Option(names = "--deep", description = "Also open every data file and count its rows.")
    private boolean deep;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private ConfigOption config = new ConfigOption();

    VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        VerifyResult result = verified(config.load());
        if (json) {
            console.println(JsonLines.line(line -> write(result, line)));
        } else {
            print(result);
        }
        return exitCode(result.verdict());
    }

    private static int exitCode(Verdict verdict) {
        return switch (verdict) {
            case FINE -> ExitCode.OK;
            case LOSS_OR_DUPLICATE -> ExitCode.FAILED;
            case CANNOT_TELL -> ExitCode.CANNOT_TELL;
        };
    }

    private VerifyResult verified(GatewayConfig loaded) {
        Verification verification =
                new Verification(TableCommand.catalog(loaded), loaded.log().path(), deep);
        try {
            return table == null ? verification.all() : verification.only(table);
        } catch (NoSuchFileException e) {
            throw new CommandException(
                    ExitCode.CANNOT_TELL,
                    "There is no table " + table + " below " + loaded.catalog().path() + ".");
        } catch (IOException e) {
            throw CommandException.of(ExitCode.CANNOT_TELL, e);
        } catch (RuntimeException e) {
            // Must not look like a loss.
            throw new CommandException(ExitCode.CANNOT_TELL, "This should not happen; please report it: " + e);
        }
    }

    private void print(VerifyResult result) throws IOException {
        for (TableVerdict verdict : result.tables()) {
            console.println(verdict.name() + ": " + word(verdict.verdict()));
            printCounts(verdict);
            printFindings(verdict.findings());
        }
        console.println("log: "
                + result.log()
                        .map(log -> "positions " + log.firstPosition() + " to " + log.endPosition() + " of " + log.id())
                        .orElse("none"));
        printFindings(result.logFindings());
        console.println(word(result.verdict()) + ", " + result.tables().size() + " tables");
    }

    private void printCounts(TableVerdict verdict) throws IOException {
        if (verdict.commits().isPresent()) {
            TableVerdict.Commits commits = verdict.commits().get();
            String positions = commits.to() < 0 ? "" : ", positions " + commits.from() + " to " + commits.to();
            console.println("  commits  " + commits.count() + " of ours with " + commits.rows() + " rows" + positions
                    + "; history from version " + commits.oldestKept() + " to " + commits.latest());
            console.println("  log      " + verdict.comparedCommits() + " of these commits are still in the log");
        }
        if (verdict.pendingRows().isPresent()) {
            console.println("  waiting  " + verdict.pendingRows().getAsLong() + " rows");
        }
        if (verdict.files().isPresent()) {
            TableVerdict.DataFiles files = verdict.files().get();
            console.println("  files    " + files.count() + " data files"
                    + (files.rows() < 0 ? "" : " with " + files.rows() + " rows"));
        }
    }

    private void printFindings(List<Finding> findings) throws IOException {
        for (Finding finding : findings) {
            console.println("  " + mark(finding.verdict()) + finding.text());
        }
    }

    private static String mark(Verdict verdict) {
        return switch (verdict) {
            case FINE -> "- ";
            case CANNOT_TELL -> "? ";
            case LOSS_OR_DUPLICATE -> "! ";
        };
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case FINE -> "fine";
            case CANNOT_TELL -> "cannot tell";
            case LOSS_OR_DUPLICATE -> "LOSS OR DUPLICATE";
        };
    }

    private static void write(VerifyResult result, JsonGenerator json) throws IOException {
        json.writeStringField("verdict", result.verdict().name().toLowerCase(Locale.ROOT));
        if (result.log().isPresent()) {
            json.writeObjectFieldStart("log");
            json.writeStringField("id", result.log().get().id());
            json.writeNumberField("first_position", result.log().get().firstPosition());
            json.writeNumberField("end_position", result.log().get().endPosition());
            json.writeEndObject();
        }
        write(result.logFindings(), json);
        json.writeArrayFieldStart("tables");
        for (TableVerdict verdict : result.tables()) {
            json.writeStartObject();
            write(verdict, json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(TableVerdict verdict, JsonGenerator json) throws IOException {
        json.writeStringField("table", verdict.name().toString());
        json.writeStringField("id", verdict.id());
        json.writeStringField("verdict", verdict.verdict().name().toLowerCase(Locale.ROOT));
        if (verdict.commits().isPresent()) {
            TableVerdict.Commits commits = verdict.commits().get();
            json.writeNumberField("commits", commits.count());
            json.writeNumberField("committed_rows", commits.rows());
            json.writeNumberField("from_position", commits.from());
            json.writeNumberField("to_position", commits.to());
            json.writeNumberField("oldest_version", commits.oldestKept());
            json.writeNumberField("version", commits.latest());
            json.writeNumberField("commits_compared_with_log", verdict.comparedCommits());
        }
        if (verdict.pendingRows().isPresent()) {
            json.writeNumberField("pending_rows", verdict.pendingRows().getAsLong());
        }
        if (verdict.files().isPresent()) {
            json.writeNumberField("files", verdict.files().get().count());
        }
        write(verdict.findings(), json);
    }

    private static void write(List<Finding> findings, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("findings");
        for (Finding finding : findings) {
            json.writeStartObject();
            json.writeStringField("verdict", finding.verdict().name().toLowerCase(Locale.ROOT));
            json.writeStringField("text", finding.text());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
