package io.headgate.gateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** docs/CONFIGURATION.md, made of what the sections declare, so that it cannot say anything else. */
public final class ReferencePage {
    private static final String HEAD = """
            # Configuration

            <!-- Made by './headgate config reference > docs/CONFIGURATION.md'; change the code, not this file. -->

            One YAML file, `./headgate.yaml` unless `--config` names another. Every key may be left out unless it says
            "required". `headgate config check` tells all that is wrong at once; with `--show` it prints every value in
            force and where it came from. A gateway does not start with a wrong configuration (exit code 4).

            **Keys** may be nested (`http: { port: 80 }`) or joined by dots (`http.port: 80`). Unknown ones are refused.

            **Variables** go before the file: the key in upper case, with `_` for `.` and `-`, after `HEADGATE_`. Unknown ones
            are refused like unknown keys, apart from the launcher's own (`HEADGATE_JAVA_HOME`, `HEADGATE_JAVA_OPTS`) and what
            Kubernetes puts into every container for a service whose name begins with "headgate". Options of a command
            (`--port`) go before both.

            **Sizes** are bytes, or carry a unit: `512KiB`, `10MiB`, `8GiB`, `1TiB`. **Times** carry a unit: `500ms`, `2s`, `5m`,
            `1h`, `7d`. **Moments** have a date, a time and an offset: `2026-12-31T00:00:00Z`. **Paths** are relative to the configuration file, also in variables.

            **Lists** are written as YAML lists, or as words with commas between them. In variables `HEADGATE_LIST=a,b` replaces
            the file's list, `HEADGATE_LIST_0=a` one entry of it; entries are numbered from 0, and one after the last adds one.
            In a list of sections, `<n>` below, variables change or add single keys in the same way.

            **Secrets** may be kept out of the file: `key-file` instead of `key`, or the variable of either, names a file that holds
            nothing else. No command, message or log line shows them.

            **Tables** are named in the file; a variable changes what the file says about a table
            (`HEADGATE_TABLES_MAIN_FLEET_TELEMETRY_COMMIT_INTERVAL`), but cannot name a new one, since it does not tell dots from
            dashes.
            """;

    private ReferencePage() {}

    /** The page, in Markdown. */
    public static String markdown() {
        Settings in = new Settings(new Given(Map.of(), Map.of()), Path.of("headgate.yaml"), new ArrayList<>());
        GatewayConfig.from(in);
        return HEAD
                + in.sectionDescriptions().entrySet().stream()
                        .map(section -> section(section.getKey(), section.getValue(), in.declared()))
                        .collect(Collectors.joining());
    }

    private static String section(String name, String description, List<Key> declared) {
        String rows = declared.stream()
                .filter(key -> key.name().startsWith(name + ".") && key.name().indexOf('.', name.length() + 1) < 0)
                .map(ReferencePage::row)
                .collect(Collectors.joining());
        String head = "\n## " + escaped(name) + "\n\n" + description + "\n";
        return rows.isEmpty()
                ? head
                : head + "\n| key, variable | what | default | accepted |\n| --- | --- | --- | --- |\n" + rows;
    }

    private static String row(Key key) {
        String name = key.name();
        String names = "`" + name + "`<br>`" + Key.variable(name) + "`";
        if (key.kind() == Key.Kind.SECRET) {
            names += ",<br>or either with `-file`, `_FILE`";
        }
        String separator = key.kind() == Key.Kind.WORD ? ": " : ", ";
        String accepted = key.range().isEmpty() ? key.kind().toString() : key.kind() + separator + key.range();
        return "| " + names + " | " + escaped(key.description()) + " | " + byDefault(key.byDefault()) + " | " + accepted
                + " |\n";
    }

    private static String byDefault(String text) {
        return text.equals(Key.REQUIRED) || text.equals(Key.NONE) ? text : "`" + text + "`";
    }

    /** Angle brackets are HTML to Markdown. */
    private static String escaped(String text) {
        return text.replace("<", "&lt;").replace(">", "&gt;").replace("|", "\\|");
    }
}
