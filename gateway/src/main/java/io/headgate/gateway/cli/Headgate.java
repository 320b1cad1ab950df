package io.headgate.gateway.cli;

import io.headgate.gateway.logging.LogOutput;
import io.headgate.model.RefusedException;
import io.headgate.model.TableName;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
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
        CommandLine program = new CommandLine(new Headgate());
        commandsFor(args, console).forEach((name, command) -> program.addSubcommand(name, command.get()));
        return program.registerConverter(TableName.class, Headgate::tableName)
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(console.err())
                .setParameterExceptionHandler(Headgate::wrongUsage)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, console))
                .execute(args);
    }

    /** The command that is asked for alone: to read the annotations of all takes a tenth of a start. */
    private static Map<String, Supplier<Object>> commandsFor(String[] args, Console console) {
        Map<String, Supplier<Object>> all = commands(console);
        Supplier<Object> wanted = args.length == 0 ? null : all.get(args[0]);
        return wanted == null ? all : Map.of(args[0], wanted);
    }

    private static Map<String, Supplier<Object>> commands(Console console) {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("doctor", () -> new DoctorCommand(console));
        all.put("quickstart", () -> new QuickstartCommand(console));
        all.put("client", () -> new ClientCommand(console));
        all.put("config", () -> new ConfigCommand(console));
        all.put("issuer", () -> new IssuerCommand(console));
        all.put("serve", () -> new ServeCommand(console));
        all.put("table", () -> new TableCommand(console));
        all.put("token", () -> new TokenCommand(console));
        all.put("verify", () -> new VerifyCommand(console));
        all.put("log", () -> new LogCommand(console));
        all.put("recover", () -> new RecoverCommand(console));
        return all;
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
