package io.headgate.gateway.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Asks the gateway in the same container how it is: the image's health check, for which the image has no shell and no
 * curl. A program of its own, of this one class, since it starts twice a minute: it reads no configuration, only the
 * variables {@code HEADGATE_MANAGEMENT_HOST} and {@code HEADGATE_MANAGEMENT_PORT}, of which the image sets the second. For
 * the same reason there is no lambda and no {@code +} of strings in it: the first of each costs a JVM as much as all the rest.
 */
public final class HealthProbe {
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int ANSWER_BYTES_MAX = 8_192;
    private static final String OK = "HTTP/1.1 200 ";

    private HealthProbe() {}

    /**
     * Exits with 0 if the answer is 200, else with 1; prints the answer.
     *
     * @param args the path to ask for
     */
    public static void main(String[] args) {
        System.exit(run(System.getenv(), args.length == 1 ? args[0] : "/health/ready", System.out));
    }

    static int run(Map<String, String> environment, String path, PrintStream out) {
        InetSocketAddress address = new InetSocketAddress(
                reachable(environment.getOrDefault("HEADGATE_MANAGEMENT_HOST", "127.0.0.1")),
                Integer.parseInt(environment.getOrDefault("HEADGATE_MANAGEMENT_PORT", "9090")));
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(address, TIMEOUT_MILLIS);
            return ask(socket, path, out);
        } catch (IOException e) {
            out.println(String.join(" ", "No answer from", address.toString(), "within 5 s:", e.getMessage()));
            return 1;
        }
    }

    /** A gateway that listens on all addresses is asked at the loopback one. */
    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::", "[::]" -> "::1";
            default -> host;
        };
    }

    private static int ask(Socket socket, String path, PrintStream out) throws IOException {
        String request = String.join(" ", "GET", path, "HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        byte[] answer = socket.getInputStream().readNBytes(ANSWER_BYTES_MAX);
        out.write(answer, 0, answer.length);
        out.println();
        return new String(answer, StandardCharsets.US_ASCII).startsWith(OK) ? 0 : 1;
    }
}
