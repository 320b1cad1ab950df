package io.headgate.gateway.doctor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Whether an address can be listened on, or is by the gateway whose log this is. */
final class PortCheck implements Check {
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int ANSWER_BYTES_MAX = 4_096;
    private static final int LOCK_BYTES_MAX = 20;

    private final String section;
    private final String host;
    private final int port;
    private final Path log;

    /** @param section of the configuration that names the address */
    PortCheck(String section, String host, int port, Path log) {
        this.section = section;
        this.host = host;
        this.port = port;
        this.log = log;
    }

    @Override
    public String name() {
        return section + "-port";
    }

    @Override
    public Finding examine() throws IOException {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            return Finding.fail(
                    "no address is known for " + host, "Let " + section + ".host name one of this machine.");
        }
        try (ServerSocket socket = new ServerSocket(port, 1, address)) {
            return Finding.ok(
                    port == 0 ? "any free port of " + host + ", such as " + socket.getLocalPort() : at() + " is free");
        } catch (BindException e) {
            return answersAsHeadgate(address) ? held() : taken(e);
        }
    }

    private Finding held() {
        return holder().map(process ->
                        Finding.ok(at() + " is held by the gateway that runs on this log, process " + process))
                .orElseGet(() -> Finding.warn(
                        at() + " is held by a gateway, and none is seen to run on this log",
                        "If it is another's, stop it, or let " + section + ".port name a port of its own."));
    }

    private Finding taken(BindException cause) {
        return Finding.fail(
                at() + " cannot be listened on: " + cause.getMessage(),
                "Stop what uses the port, or let " + section + ".host and " + section
                        + ".port name another address of this machine.");
    }

    private String at() {
        return host + ":" + port;
    }

    /** Every answer of a gateway has a request id. */
    private boolean answersAsHeadgate(InetAddress address) {
        InetAddress called = address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(called, port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream()
                    .write("GET /health/live HTTP/1.1\r\nHost: headgate\r\nConnection: close\r\n\r\n"
                            .getBytes(ISO_8859_1));
            String answer = new String(socket.getInputStream().readNBytes(ANSWER_BYTES_MAX), ISO_8859_1);
            return answer.toLowerCase(Locale.ROOT).contains("\r\nx-request-id:");
        } catch (IOException e) {
            return false;
        }
    }

    /** The process that says that it holds the log, if it runs. The lock itself is left alone. */
    private Optional<Long> holder() {
        try (var in = Files.newInputStream(log.resolve("lock"))) {
            long process = Long.parseLong(new String(in.readNBytes(LOCK_BYTES_MAX), ISO_8859_1).strip());
            return ProcessHandle.of(process).map(ProcessHandle::pid);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
