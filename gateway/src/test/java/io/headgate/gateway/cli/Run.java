package io.headgate.gateway.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * A command that was run in this process.
 *
 * @param exitCode its exit code
 * @param out what it wrote as its result
 * @param err what it told its user
 */
record Run(int exitCode, String out, String err) {
    static Run of(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(out, new PrintWriter(err, true, StandardCharsets.UTF_8));
        int exitCode = Headgate.run(console, args);
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The last line of the result. */
    String lastLine() {
        String lines = out.stripTrailing();
        return lines.substring(lines.lastIndexOf('\n') + 1);
    }
}
