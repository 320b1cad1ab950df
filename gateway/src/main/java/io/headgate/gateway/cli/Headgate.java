package io.headgate.gateway.cli;

import io.headgate.gateway.logging.LogOutput;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The program: finds the command, runs it, and turns whatever goes wrong into a message and an exit code. */
@Command(
        name = "headgate",
        description = "A durable HTTP ingest gateway for device fleets, straight into Delta Lake tables.",
        mixinStandardHelpOptions = true,
        versionProvider = Headgate.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done; a gateway was asked to stop and stopped in order",
            "1:the command could not do what it was asked to",
            "2:the command line is wrong",
            "3:the JVM ran out of memory",
            "4:the configuration is wrong",
            "5:an address cannot be listened on; most often it is taken",
            "6:another process works on the same data",
            "7:the gateway could not start for another reason",
            "8:the gateway stopped by itself, because it could no longer keep its promise"
        })
public final class Headgate {
    private Headgate() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        // Not System.out: that swallows errors, and a command whose reader has gone must notice.
        Console console = new Console(
                new FileOutputStream(FileDescriptor.out), new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        int exitCode = run(console, args);
        LogOutput.process().flush();
        System.exit(exitCode);
    }

    /** Runs one command and returns its exit code. */
    static int run(Console console, String... args) {
        // Delta Kernel numbers its files in the digits of the default locale, which need not be 0 to 9.
        Locale.setDefault(Locale.ROOT);
        return new CommandLine(new Headgate())
                .addSubcommand(new DoctorCommand(console))
                .addSubcommand(new QuickstartCommand(console))
                .addSubcommand(new ClientCommand(console))
                .addSubcommand(new ConfigCommand(console))
                .addSubcommand(new IssuerCommand(console))
                .addSubcommand(new ServeCommand(console))
                .addSubcommand(new TableCommand(console))
                .addSubcommand(new TokenCommand(console))
                .addSubcommand(new VerifyCommand(console))
                .addSubcommand(new LogCommand(console))
                .addSubcommand(new RecoverCommand(console))
                .registerConverter(TableName.class, Headgate::tableName)
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(console.err())
                .setParameterExceptionHandler(Headgate::wrongUsage)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, console))
                .execute(args);
    }

    private static TableName tableName(String text) {
        try {
            return TableName.parse(text);
        } catch (RefusedException e) {
            throw new TypeConversionException(e.refusal().message());
        }
    }

    private static int wrongUsage(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("headgate: " + wrong.getMessage());
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE;
    }

    private static int failed(Exception failure, Console console) {
        if (failure instanceof IOException io) {
            return failed(CommandException.of(ExitCode.FAILED, io), console);
        }
        if (failure instanceof RefusedException refused) {
            return failed(
                    new CommandException(ExitCode.FAILED, refused.refusal().message()), console);
        }
        if (failure instanceof CommandException expected) {
            console.err().println("headgate: " + expected.getMessage());
            return expected.exitCode();
        }
        console.err().println("headgate: this should not happen; please report it with what follows.");
        failure.printStackTrace(console.err());
        return ExitCode.FAILED;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Headgate.class.getPackage().getImplementationVersion();
            return new String[] {
                "headgate " + Optional.ofNullable(version).orElse("(not packaged)"),
                "Java " + Runtime.version() + " from " + System.getProperty("java.home")
            };
        }
    }
}
