package io.headgate.loadtest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@link BodyReader}, which is sent what Headgate is. */
final class CeilingServer extends MeasuredServer {
    private final HeadgateServer headgate;

    CeilingServer(Path directory, int port, HeadgateServer headgate) throws IOException {
        super(
                "ceiling",
                directory,
                port,
                Map.of(),
                List.of(
                        JAVA,
                        "-cp",
                        System.getProperty("java.class.path"),
                        BodyReader.class.getName(),
                        String.valueOf(port),
                        String.valueOf(Runtime.getRuntime().availableProcessors())));
        this.headgate = headgate;
    }

    @Override
    boolean isReady() {
        return isListening();
    }

    @Override
    List<String> head(Workload workload, int table) throws IOException, InterruptedException {
        return headgate.head(workload, table);
    }
}
