package io.headgate.gateway.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes to.
 *
 * @param out results, and nothing else
 * @param err what people are told
 */
record Console(OutputStream out, PrintWriter err) {
    /** Writes one line of result. */
    void println(String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
