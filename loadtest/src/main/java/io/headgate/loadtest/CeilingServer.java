package io.headgate.loadtest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@link BodyReader}, which is sent what Headgate is. */
final class CeilingServer extends MeasuredServer {
    private final int port;
    private final HeadgateServer headgate;

    CeilingServer(Path directory, int port, HeadgateServer headgate) throws IOException {
        super(
                "ceiling",
                directory,
                Map.of(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BodyReader.class.getName(),
                        String.valueOf(port),
                        String.valueOf(Runtime.getRuntime().availableProcessors())));
        this.port = port;
        this.headgate = headgate;
    }

    @Override
    boolean isReady() {
        return isOpen(port);
    }

    /** Whether something listens there. */
    static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    int port() {
        return port;
    }

    @Override
    boolean takes(Workload workload) {
        return true;
    }

    @Override
    List<String> head(Workload workload, int table) throws IOException, InterruptedException {
        return headgate.head(workload, table);
    }

    @Override
    byte[] body(Workload workload, byte[] json) {
        return workload.encoded(json);
    }
}
